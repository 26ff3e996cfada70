// Lets readers sort and search the long tables. Without this script the whole table is there.
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
  const data = new DataTable(table, {
    autoWidth: false,
    layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
    language: { zeroRecords: "No row holds these words." },
    order: [],
    paging: false,
  });
  const count = controls(table, (words) => data.search(words).draw());
  const report = () => {
    const { recordsDisplay, recordsTotal } = data.page.info();
    count.textContent = `${recordsDisplay} of ${recordsTotal} rows`;
  };
  data.on("draw", report);
  report();
}

try {
  const { default: DataTable } = await import("./vendor/datatables.js");
  document.querySelectorAll(".table-interactive:not(#table-explorer)").forEach((table) => enhance(table, DataTable));
} catch (error) {
  console.warn("tables stay plain:", error);
}
