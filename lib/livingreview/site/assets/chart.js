// Makes charts interactive when they come near the reader's sight, and offers them as files.
// Without this script the static pictures and the tables of their numbers stay.
// Not a module: browsers load no modules from a folder on disk.
(() => {
  const PHONE = 560; // pixels: below this the pictures of book.css change, too
  const NEAR = "300px";
  const WHILE = 8000; // milliseconds
  const FAMILY = "Review Sans";
  const FONT = `${FAMILY}, Inter, DejaVu Sans, Arial, sans-serif`;
  const FACES = { 400: "Regular", 600: "Bold" };
  const MARGIN = 16;
  const script = document.currentScript;
  let library;

  function vega() {
    library ??= new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = new URL("vendor/vega.js", script.src);
      element.onload = () => resolve(window.vegaEmbed);
      element.onerror = () => reject(new Error("the chart library did not load"));
      document.head.append(element);
    });
    return library;
  }

  function loaded() {
    return Promise.all(Object.keys(FACES).map((w) => document.fonts.load(`${w} 13px "${FAMILY}"`)));
  }

  async function hydrate(figure) {
    const picture = figure.querySelector(".chart-picture");
    const tools = figure.nextElementSibling;
    const live = document.createElement("div");
    live.className = "chart-live";
    live.ariaHidden = "true"; // the picture has one name, which says what it shows
    try {
      const vegaEmbed = await vega();
      await loaded(); // labels are laid out with the measures of the font
      const spec = JSON.parse(figure.querySelector(".chart-spec").textContent);
      if (picture.clientWidth <= PHONE) {
        const layout = { top: { anchor: "end", bounds: "full" } };
        Object.assign(spec.config.legend, { columns: 1, layout });
        spec.config.axisX = { titleAnchor: "end" };
      }
      picture.append(live);
      const { view } = await vegaEmbed(live, spec, {
        mode: "vega-lite",
        renderer: "svg",
        actions: false,
        ast: true, // expressions are interpreted: the policy of the pages forbids to compile them
        bind: tools.querySelector(".chart-controls"),
        defaultStyle: false,
        tooltip: { disableDefaultStyle: true },
      });
      picture.classList.add("is-live");
      // The column changes its width when a sidebar opens, too, which Vega does not notice.
      if (spec.width === "container") {
        new ResizeObserver(() => fit(view, picture.clientWidth)).observe(picture);
      }
      highlightByLegend(view, tools);
      offerFiles(figure, tools);
      figure.view = view; // for other scripts: figure.view.signal(name, value).runAsync()
      figure.dispatchEvent(new CustomEvent("chart:ready", { bubbles: true }));
    } catch (error) {
      live.remove();
      console.warn(`${figure.id} stays a static picture:`, error);
    }
  }

  function fit(view, width) {
    if (width && width !== view.width()) view.width(width).runAsync();
  }

  // A click on an entry of the legend does what the list of names below the chart does.
  function highlightByLegend(view, tools) {
    const list = tools.querySelector(".chart-controls select");
    if (!list) return;
    view.addEventListener("click", (event, item) => {
      if (!item?.mark.role?.startsWith("legend-")) return;
      const name = item.datum.value;
      view.signal("highlight", view.signal("highlight") === name ? "" : name).runAsync();
    });
  }

  function offerFiles(figure, tools) {
    const name = figure.id.replace("fig-", "");
    const makers = { svg: svgFile, png: pngFile };
    for (const button of tools.querySelectorAll("button[data-format]")) {
      const { format } = button.dataset;
      button.hidden = false;
      button.addEventListener("click", async () => {
        save(await makers[format](figure), `${name}.${format}`);
      });
    }
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  // The chart with its words, on white, for a reader who has nothing else of the page.
  async function drawing(figure) {
    const chart = new DOMParser().parseFromString(await figure.view.toSVG(), "image/svg+xml");
    const picture = chart.documentElement;
    const width = Math.max(Number(picture.getAttribute("width")), 320);
    const root = chart.createElementNS(picture.namespaceURI, "svg");
    const add = (name, attributes, text = "") => {
      const element = chart.createElementNS(picture.namespaceURI, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      element.textContent = text;
      root.append(element);
      return element;
    };
    let y = MARGIN;
    const write = (words, size, weight) => {
      for (const line of lines(words, `${weight} ${size}px ${FONT}`, width)) {
        y += size * 1.35;
        const style = { "font-family": FONT, "font-size": size, "font-weight": weight };
        add("text", { x: MARGIN, y: y - size * 0.3, ...style }, line);
      }
    };
    const words = (selector) => figure.querySelector(selector)?.textContent.trim() ?? "";
    add("title", {}, words(".chart-title"));
    add("desc", {}, figure.querySelector(".chart-picture").getAttribute("aria-label"));
    add("style", {}, await faces());
    const paper = add("rect", { width: "100%", fill: "#fff" });
    write(words(".chart-title"), 15, 600);
    write(words(".chart-subtitle"), 13, 400);
    picture.setAttribute("x", MARGIN);
    picture.setAttribute("y", y + MARGIN / 2);
    root.append(picture);
    y += Number(picture.getAttribute("height")) + MARGIN;
    write(words("figcaption"), 12, 400);
    write(document.title, 12, 400);
    const size = { width: width + 2 * MARGIN, height: Math.ceil(y + MARGIN) };
    paper.setAttribute("height", size.height);
    for (const [key, value] of Object.entries(size)) root.setAttribute(key, value);
    root.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    return { text: new XMLSerializer().serializeToString(root), ...size };
  }

  // A picture that is taken away takes its font along, where the page may read it.
  async function faces() {
    const rules = Object.entries(FACES).map(async ([weight, name]) => {
      try {
        const file = await fetch(new URL(`fonts/ReviewSans-${name}.woff2`, script.src));
        const data = await dataOf(await file.blob());
        return `@font-face{font-family:"${FAMILY}";font-weight:${weight};src:url(${data})}`;
      } catch {
        return ""; // from a folder on disk nothing can be read: the fallbacks are named
      }
    });
    return (await Promise.all(rules)).join("");
  }

  function dataOf(blob) {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(blob);
    });
  }

  function lines(words, font, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    const found = [];
    for (const word of words.split(/\s+/).filter(Boolean)) {
      const longer = found.length ? `${found.at(-1)} ${word}` : word;
      if (found.length && pen.measureText(longer).width <= width) found[found.length - 1] = longer;
      else found.push(word);
    }
    return found;
  }

  async function svgFile(figure) {
    return new Blob([(await drawing(figure)).text], { type: "image/svg+xml" });
  }

  async function pngFile(figure) {
    const { text, width, height } = await drawing(figure);
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width; // sharp enough for a slide
    canvas.height = 2 * height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        hydrate(target);
      }
    },
    { rootMargin: NEAR },
  );

  // The pictures say it all at once: the library waits for the reader's first move, or a while.
  // A script that needs charts which follow at once says "charts:wanted".
  const MOVES = ["scroll", "pointermove", "pointerdown", "keydown", "charts:wanted"];
  function start() {
    for (const move of MOVES) removeEventListener(move, start);
    for (const figure of document.querySelectorAll("figure.chart")) watch.observe(figure);
  }
  for (const move of MOVES) addEventListener(move, start, { passive: true });
  setTimeout(start, WHILE);

  // What hovering shows can be put away without moving the pointer.
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") document.querySelector("#vg-tooltip-element")?.classList.remove("visible");
  });
})();
