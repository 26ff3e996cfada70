// Shows what a number means beside its link, on hover and on focus. Without this script the
// browser shows the link's title; with it the title goes, so that nothing is said twice.
(() => {
  const LATER = 250; // milliseconds in which the pointer may travel from the link to the box
  const GAP = 6; // pixels between the two

  const box = document.createElement("div");
  box.id = "fact-about";
  box.role = "tooltip";
  box.hidden = true;
  document.body.append(box);

  const about = new Map();
  for (const link of document.querySelectorAll("a.fact[title]")) {
    about.set(link, link.title);
    link.removeAttribute("title");
  }

  let shown = null; // the link that the box is about
  let timer = 0;

  // Below the link or, where there is no room, above it: never over it.
  function place() {
    const lines = [...shown.getClientRects()];
    const top = Math.min(...lines.map((line) => line.top));
    const bottom = Math.max(...lines.map((line) => line.bottom));
    const widest = document.documentElement.clientWidth - box.offsetWidth - 8;
    box.style.left = `${Math.max(8, Math.min(lines[0].left, widest))}px`;
    const below = bottom + GAP + box.offsetHeight <= window.innerHeight;
    box.style.top = `${below ? bottom + GAP : top - GAP - box.offsetHeight}px`;
  }

  function show(link) {
    clearTimeout(timer);
    if (shown === link) return;
    hide();
    shown = link;
    box.textContent = about.get(link);
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place();
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  function hideLater() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!box.matches(":hover") && document.activeElement !== shown) hide();
    }, LATER);
  }

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return; // a tap follows the link
    if (box.contains(target)) return clearTimeout(timer);
    const link = target.closest("a.fact");
    if (about.has(link)) show(link);
    else if (shown) hideLater();
  });
  document.documentElement.addEventListener("pointerleave", hideLater);
  document.addEventListener("focusin", ({ target }) => {
    if (about.has(target) && target.matches(":focus-visible")) show(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target === shown) hide();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  document.addEventListener("scroll", () => shown && place(), { capture: true, passive: true });
})();
