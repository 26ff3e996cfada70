// Filters the studies by the form; the charts, the count and the address follow.
// Without this script the whole table and its charts are there, and the form is not.
(() => {
  const explorer = document.querySelector(".explorer");
  const form = explorer.querySelector("form");
  const selects = [...form.querySelectorAll("select")];
  const choices = selects.filter((select) => select.name !== "edition");
  const studies = JSON.parse(explorer.querySelector(".explorer-data").textContent);
  const count = form.querySelector("output");
  const note = form.querySelector(".explorer-note");
  const rows = new Map(
    [...explorer.querySelectorAll("#table-explorer tbody tr")].map((row) => [
      row.querySelector("th a").hash.slice(1),
      { row, text: row.textContent.toLowerCase() },
    ]),
  );
  let shown = studies;

  // The terms that a study has under a filter, in the editions that are looked at.
  function termsOf(study, name, edition) {
    const held = edition ? [study[edition]] : [study.printed, study.living];
    return held.flatMap((values) => values?.[name] ?? []);
  }

  function matches(study, wanted, except) {
    if (wanted.edition && !study[wanted.edition]) return false;
    const { text } = rows.get(study.key);
    if (!wanted.q.toLowerCase().split(/\s+/).every((word) => text.includes(word))) return false;
    return choices.every(
      ({ name }) =>
        name === except || !wanted[name] || termsOf(study, name, wanted.edition).includes(wanted[name]),
    );
  }

  // Each option says how many studies it would show beside the other filters.
  function countOptions(wanted) {
    for (const { name, options } of choices) {
      const left = studies.filter((study) => matches(study, wanted, name));
      for (const option of [...options].filter(({ value }) => value)) {
        const found = left.filter((study) =>
          termsOf(study, name, wanted.edition).includes(option.value),
        ).length;
        option.textContent = `${option.dataset.words} (${found})`;
        option.disabled = !found && !option.selected;
      }
    }
  }

  function follow(figure) {
    const keys = shown.map(({ key }) => key);
    figure.view?.signal("shown", keys).runAsync();
    const picture = figure.querySelector(".chart-picture");
    picture.dataset.all ??= picture.getAttribute("aria-label");
    const some = shown.length < studies.length;
    picture.ariaLabel = some ? `${count.value}, of all of these: ${picture.dataset.all}` : picture.dataset.all;
  }

  function apply() {
    const wanted = Object.fromEntries(new FormData(form));
    wanted.q = wanted.q.trim();
    shown = studies.filter((study) => matches(study, wanted));
    const keys = new Set(shown.map(({ key }) => key));
    for (const [key, { row }] of rows) row.hidden = !keys.has(key);
    countOptions(wanted);
    const patients = shown.reduce((sum, study) => sum + study.patients, 0);
    const number = patients.toLocaleString("en");
    count.value = `${shown.length} of ${studies.length} studies, ${number} ${patients === 1 ? "patient" : "patients"}`;
    explorer.querySelectorAll("figure.chart").forEach(follow);
    // The static pictures are of all studies.
    if (shown.length < studies.length) dispatchEvent(new Event("charts:wanted"));
    return wanted;
  }

  function remember(wanted) {
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    history.replaceState(history.state, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  }

  function changed() {
    note.textContent = "";
    remember(apply());
  }

  // Reads the address; what it asks for that no filter offers is named, and left out.
  function read() {
    const query = new URLSearchParams(location.search);
    const unknown = [];
    form.elements.q.value = query.get("q") ?? "";
    for (const select of selects) {
      const asked = query.get(select.name) ?? "";
      const option = [...select.options].find(
        ({ value }) => value.toLowerCase() === asked.toLowerCase(),
      );
      select.value = option?.value ?? "";
      if (!option) unknown.push(`${select.name} “${asked}”`);
    }
    apply();
    note.textContent = unknown.length ? `Not known here, and left out: ${unknown.join(", ")}.` : "";
  }

  function choose(name, value) {
    const select = form.elements[name];
    if (![...select.options].some((option) => option.value === value)) return;
    select.value = select.value === value ? "" : value;
    changed();
  }

  // A chart that became interactive shows the same studies, and a click on a bar is a choice.
  function connect(figure) {
    follow(figure);
    figure.view.addEventListener("click", (_, item) => {
      for (const name of ["region", "followup"]) {
        if (item?.datum?.[name]) choose(name, item.datum[name]);
      }
    });
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      note.textContent = "The link is copied.";
    } catch {
      note.textContent = "The address of this page is the link: copy it from the browser.";
    }
  }

  form.hidden = false;
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  form.querySelector(".explorer-copy").addEventListener("click", copy);
  explorer.addEventListener("chart:ready", ({ target }) => connect(target));
  explorer.querySelectorAll("figure.chart").forEach((figure) => figure.view && connect(figure));
  addEventListener("popstate", read);
  read();
})();
