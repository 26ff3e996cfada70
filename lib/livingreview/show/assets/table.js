// Lets readers sort and search the long tables. Without this script the whole table is there.
// The library is large, so it is fetched when a table comes near the reader's sight.
(() => {
  const NEAR = "300px";
  const library = new URL("vendor/datatables.js", document.currentScript.src);

  function controls(table, search) {
    const box = document.createElement("div");
    box.className = "table-controls";
    const label = document.createElement("label");
    label.textContent = "Search this table ";
    const input = document.createElement("input");
    input.type = "search";
    input.setAttribute("aria-controls", table.id);
    label.append(input);
    const count = document.createElement("output");
    box.append(label, count);
    input.addEventListener("input", () => search(input.value));
    table.closest(".table-wrap").before(box);
    return count;
  }

  function enhance(table, DataTable) {
    const filtered = Boolean(table.closest(".explorer")); // the explorer's form does the search
    const data = new DataTable(table, {
      autoWidth: false,
      layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
      language: { zeroRecords: "No row holds these words." },
      order: [],
      paging: false,
      searching: !filtered,
    });
    if (filtered) return;
    const count = controls(table, (words) => data.search(words).draw());
    const report = () => {
      const { recordsDisplay, recordsTotal } = data.page.info();
      count.textContent = `${recordsDisplay} of ${recordsTotal} rows`;
    };
    data.on("draw", report);
    report();
  }

  async function load(table) {
    try {
      const { default: DataTable } = await import(library);
      enhance(table, DataTable);
    } catch (error) {
      console.warn(`${table.id} stays plain:`, error);
    }
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        load(target.querySelector(".table-interactive"));
      }
    },
    { rootMargin: NEAR },
  );
  for (const table of document.querySelectorAll(".table-interactive")) {
    near.observe(table.closest(".table-wrap"));
  }
})();
