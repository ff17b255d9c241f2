//<![CDATA[
// What moves in a report: the slider over slices, values under the pointer in charts, a cross at one place of all parts.
// Embedded into the program by CMake, and known to the browser by its hash. Without it all slices stand below each other.
"use strict";
document.documentElement.classList.add("scripted");

function element(tag, classes, parent) {
  const made = document.createElement(tag);
  made.className = classes;
  parent.append(made);
  return made;
}

function slider(slices) {
  const all = [...slices.querySelectorAll(".slice")], controls = slices.querySelector(".controls");
  const range = controls.querySelector("input"), where = controls.querySelector("output");
  const [back, on] = controls.querySelectorAll("button");
  const show = (index) => {
    range.value = index = Math.max(0, Math.min(all.length - 1, index));
    all.forEach((slice, i) => slice.classList.toggle("shown", i === index));
    where.textContent = `${index + 1} of ${all.length}`;
    range.setAttribute("aria-valuetext", all[index].querySelector("h3").textContent);
  };
  range.max = all.length - 1;
  range.addEventListener("input", () => show(Number(range.value)));
  back.addEventListener("click", () => show(Number(range.value) - 1));
  on.addEventListener("click", () => show(Number(range.value) + 1));
  controls.hidden = all.length < 2;
  show(0);
}

// The same place in every part of a slice.
function cross(slice) {
  const lines = [...slice.querySelectorAll(".frame")].map((frame) => [element("i", "across", frame), element("i", "down", frame)]);
  const hide = (hidden) => lines.flat().forEach((line) => (line.hidden = hidden));
  hide(true);
  slice.querySelectorAll(".frame").forEach((frame) => {
    frame.addEventListener("pointermove", (event) => {
      const box = frame.getBoundingClientRect();
      hide(false);
      for (const [across, down] of lines) {
        across.style.top = `${(100 * (event.clientY - box.top)) / box.height}%`;
        down.style.left = `${(100 * (event.clientX - box.left)) / box.width}%`;
      }
    });
    frame.addEventListener("pointerleave", () => hide(true));
  });
}

// The points of a line, as they stand in its path: units of a drawing of 1000 x 500.
function pointsOf(path) {
  return path.getAttribute("d").slice(1).split("L").map((pair) => pair.split(" ").map(Number));
}

function chart(plot) {
  const [x0, x1, y0, y1] = plot.dataset.range.split(" ").map(Number);
  const valueAt = (y) => (plot.dataset.kind === "logarithmic" ? y0 * (y1 / y0) ** (1 - y / 500) : y0 + (y1 - y0) * (1 - y / 500));
  const lines = [...plot.querySelectorAll("path[data-name]")].map((path) => ({ path, points: pointsOf(path) }));
  const places = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const cursor = element("i", "cursor", plot), readout = element("output", "readout", plot);
  let at = places.length - 1;

  const hide = (hidden) => (cursor.hidden = readout.hidden = hidden);
  const show = (index) => {
    at = Math.max(0, Math.min(places.length - 1, index));
    const x = places[at];
    readout.replaceChildren();
    element("b", "", readout).textContent = `${plot.dataset.x} ${Number((x0 + ((x1 - x0) * x) / 1000).toPrecision(7)).toLocaleString("en", { maximumFractionDigits: 1, useGrouping: false })}`;
    for (const { path, points } of lines) {
      const point = points.find(([px]) => px === x);
      if (point) element("span", path.classList[1], readout).textContent = `${path.dataset.name} ${valueAt(point[1]).toPrecision(4)}`;
    }
    cursor.style.left = `${x / 10}%`;
    readout.style.left = x > 500 ? "auto" : `calc(${x / 10}% + .5rem)`;
    readout.style.right = x > 500 ? `calc(${100 - x / 10}% + .5rem)` : "auto";
    hide(false);
  };
  hide(true);
  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect(), x = (1000 * (event.clientX - box.left)) / box.width;
    show(places.reduce((best, place, i) => (Math.abs(place - x) < Math.abs(places[best] - x) ? i : best), 0));
  });
  plot.addEventListener("pointerleave", () => hide(true));
  plot.addEventListener("focus", () => plot.matches(":focus-visible") && show(at));
  plot.addEventListener("blur", () => hide(true));
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -1e9, End: 1e9 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(at + step);
  });
}

document.querySelectorAll(".slices").forEach(slider);
document.querySelectorAll(".slice").forEach(cross);
document.querySelectorAll(".plot").forEach(chart);
//]]>
