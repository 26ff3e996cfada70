// The list that jumps to a card closes behind the reader, who has left it.
(() => {
  for (const list of document.querySelectorAll(".card-jump")) {
    list.addEventListener("click", (event) => {
      if (event.target.closest("a")) list.open = false;
    });
  }
})();
