// Makes the charts of a page interactive. Without this script the static pictures stay.
const PHONE = 560; // pixels: below this the pictures of book.css change, too

async function hydrate(figure, vegaEmbed) {
  const picture = figure.querySelector(".chart-picture");
  const spec = JSON.parse(figure.querySelector(".chart-spec").textContent);
  spec.config.legend.columns = picture.clientWidth > PHONE ? 4 : 1;
  const live = document.createElement("div");
  live.className = "chart-live";
  live.ariaHidden = "true"; // the picture has one name, which says what it shows
  picture.append(live);
  try {
    const { view } = await vegaEmbed(live, spec, {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    });
    picture.classList.add("is-live");
    figure.view = view; // for other scripts of the page: figure.view.signal(name, value).runAsync()
    figure.dispatchEvent(new CustomEvent("chart:ready", { bubbles: true }));
  } catch (error) {
    live.remove();
    console.warn(`${figure.id} stays a static picture:`, error);
  }
}

try {
  const { vegaEmbed } = await import("./vendor/vega.js");
  for (const figure of document.querySelectorAll("figure.chart")) await hydrate(figure, vegaEmbed);
} catch (error) {
  console.warn("charts stay static pictures:", error);
}
