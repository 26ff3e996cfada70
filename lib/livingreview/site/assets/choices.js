// Shows which conclusions hold under the choices of the form: looked up, never computed here.
// Without this script the conclusions under the protocol's choices are there, and the form is not.
(() => {
  const choices = document.querySelector(".choices");
  const form = choices.querySelector("form");
  const unsettled = form.elements.unsettled;
  const selects = [...form.querySelectorAll("select")].filter((select) => select !== unsettled);
  const { answers, conclusions } = JSON.parse(choices.querySelector(".choices-data").textContent);
  const rows = [...choices.querySelectorAll("tbody tr")];
  const which = choices.querySelector(".choices-which");
  const output = form.querySelector("output");

  function apply() {
    // The last choice changes fastest, as in the arrays.
    const place = selects.reduce((sum, { options, selectedIndex }) => sum * options.length + selectedIndex, 0);
    const said = conclusions.map(({ counts, answers: codes }, number) => {
      const [, answer, ...cells] = rows[number].cells;
      answer.firstChild.textContent = answers[Number(codes[unsettled.selectedIndex][place])];
      cells.forEach((cell, index) => {
        cell.textContent = counts[index][place];
      });
      return `${rows[number].cells[0].textContent}: ${answer.textContent}`;
    });
    const own = [...selects, unsettled].every((select) =>
      [...select.options].every((option) => option.selected === option.defaultSelected),
    );
    which.textContent = own ? "the choices of the protocol" : "these choices";
    output.value = `${said.join("; ")}.`;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
