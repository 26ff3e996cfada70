// Only on pages that `make serve` serves: reload after a build, and say why a build failed.
const built = new URL(import.meta.url).searchParams.get("built");
let banner;

function show(messages) {
  if (banner?.dataset.messages === messages) return;
  banner?.remove();
  banner = undefined;
  if (!messages) return;
  const title = document.createElement("strong");
  title.textContent = "The last build failed. Below is the last good site.";
  const text = document.createElement("pre");
  text.textContent = messages; // as text, never as HTML
  text.tabIndex = 0; // it scrolls
  banner = document.createElement("div");
  banner.id = "build-failed";
  banner.setAttribute("role", "alert");
  banner.dataset.messages = messages;
  Object.assign(banner.style, {
    position: "sticky", top: 0, zIndex: 2000, padding: "1rem",
    background: "var(--pst-color-surface, #fff)", color: "var(--pst-color-text-base, #000)",
    borderTop: "0.4rem solid var(--pst-color-danger, #b00)",
    borderBottom: "1px solid var(--pst-color-danger, #b00)",
  });
  Object.assign(text.style, {
    maxHeight: "40vh", overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere",
    margin: "0.5rem 0 0", padding: 0, border: 0, background: "none", color: "inherit",
  });
  banner.append(title, text);
  document.body.prepend(banner);
}

async function look() {
  try {
    const state = await (await fetch("/__state")).json();
    if (state.built !== built) location.reload();
    else show(state.messages);
  } catch {
    // The server is away; it may come back.
  }
  setTimeout(look, 500);
}

look();
