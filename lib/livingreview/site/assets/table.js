// Lets readers sort and search the long tables. Without this script the whole table is there.
// The library is large, so it is fetched when a reader turns to a table: its search or itself.
(() => {
  if (location.protocol === "file:") return; // the library is a module: browsers load none from disk
  const library = new URL("vendor/datatables.js", document.currentScript.src);
  const NONE = { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null };

  function controls(table) {
    const box = document.createElement("div");
    box.className = "table-controls";
    const label = document.createElement("label");
    label.textContent = "Search this table ";
    const input = document.createElement("input");
    input.type = "search";
    input.setAttribute("aria-controls", table.id);
    label.append(input);
    const count = document.createElement("output");
    count.textContent = `${table.tBodies[0].rows.length} rows`;
    box.append(label, count);
    table.closest(".table-wrap").before(box);
    return { box, input, count };
  }

  function searchable(data, { input, count }) {
    const search = () => data.search(input.value).draw();
    data.on("draw", () => {
      const { recordsDisplay, recordsTotal } = data.page.info();
      count.textContent = `${recordsDisplay} of ${recordsTotal} rows`;
    });
    input.addEventListener("input", search);
    if (input.value) search();
  }

  async function load(table, search) {
    try {
      const { default: DataTable } = await import(library);
      const data = new DataTable(table, {
        autoWidth: false,
        layout: NONE,
        language: { zeroRecords: "No row holds these words." },
        order: [],
        paging: false,
        searching: Boolean(search),
      });
      if (search) searchable(data, search);
    } catch (error) {
      search?.box.remove();
      console.warn(`${table.id} stays plain:`, error);
    }
  }

  for (const table of document.querySelectorAll(".table-interactive")) {
    // The explorer's form searches its table.
    const search = table.closest(".explorer") ? null : controls(table);
    const parts = [table.closest(".table-wrap"), ...(search ? [search.box] : [])];
    const turned = () => {
      for (const part of parts) {
        for (const event of ["pointerenter", "focusin"]) part.removeEventListener(event, turned);
      }
      load(table, search);
    };
    for (const part of parts) {
      for (const event of ["pointerenter", "focusin"]) part.addEventListener(event, turned);
    }
  }
})();
