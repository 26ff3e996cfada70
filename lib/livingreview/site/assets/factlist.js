// Lets readers search the facts, and opens what is behind the one that a number led to.
(() => {
  const lists = [...document.querySelectorAll("dl.facts")];
  const entries = lists.flatMap((list) => [...list.querySelectorAll(".fact-entry")]);
  const texts = new Map(entries.map((entry) => [entry, entry.textContent.toLowerCase()]));

  const form = document.createElement("search");
  form.className = "table-controls";
  const label = document.createElement("label");
  label.textContent = "Search the facts ";
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  const count = document.createElement("output");
  form.append(label, count);
  lists[0].closest("section").before(form);

  function search() {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const entry of entries)
      entry.hidden = !words.every((word) => texts.get(entry).includes(word));
    for (const list of lists)
      list.closest("section").hidden = !list.querySelector(".fact-entry:not([hidden])");
    const found = entries.filter((entry) => !entry.hidden).length;
    count.textContent = `${found} of ${entries.length} facts`;
  }

  function open() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const entry = target?.closest(".fact-entry");
    if (!entry) return;
    if (entry.hidden) {
      input.value = "";
      search();
    }
    target.closest(".fact-answer").querySelector("details").open = true;
    target.scrollIntoView();
  }

  input.addEventListener("input", search);
  window.addEventListener("hashchange", open);
  search();
  open();
})();
