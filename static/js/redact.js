// A photo before everybody sees it: dragging over it covers a part in black. What is sent is a copy drawn anew, in
// the field for a copy that an officer may as well have made elsewhere; without scripts that is the only way.
"use strict";

const LEAST = 4; // pixels; a tap covers nothing

for (const photo of document.querySelectorAll("img[data-redact]")) {
  photo.decode().then(() => offer(photo));
}

function offer(photo) {
  const tools = document.getElementById(photo.dataset.redact);
  const undo = tools.querySelector("button");
  const state = tools.querySelector("[role=status]");
  const field = photo.closest("form").elements.redacted;
  const sheet = document.createElement("canvas");
  const pen = sheet.getContext("2d");
  const boxes = [];
  let start = null;

  function draw(drawn) {
    pen.drawImage(photo, 0, 0);
    for (const box of drawn) pen.fillRect(...box);
  }

  function place(event) {
    const seen = sheet.getBoundingClientRect();
    const scale = sheet.width / seen.width;
    return [(event.clientX - seen.left) * scale, (event.clientY - seen.top) * scale];
  }

  function box(event) {
    const end = place(event);
    const corner = [0, 1].map((axis) => Math.min(start[axis], end[axis]));
    return [...corner, ...[0, 1].map((axis) => Math.abs(start[axis] - end[axis]))];
  }

  function copy() {
    const drawn = Uint8Array.from(atob(sheet.toDataURL("image/jpeg", 0.9).split(",")[1]), (one) => one.charCodeAt(0));
    const files = new DataTransfer();
    if (boxes.length) files.items.add(new File([drawn], `${photo.dataset.name}.jpg`, { type: "image/jpeg" }));
    return files.files;
  }

  function show() {
    draw(boxes);
    undo.disabled = !boxes.length;
    state.textContent = boxes.length ? `${state.dataset.covered} ${boxes.length}` : state.dataset.how;
  }

  function cover(box) {
    if (box[2] < LEAST || box[3] < LEAST) return show();
    boxes.push(box.map(Math.round));
    show();
    field.files = copy();
  }

  sheet.width = photo.naturalWidth;
  sheet.height = photo.naturalHeight;
  sheet.setAttribute("role", "img");
  sheet.setAttribute("aria-label", photo.alt);
  Object.assign(sheet.style, { cursor: "crosshair", touchAction: "none", height: "auto" });
  sheet.addEventListener("pointerdown", (event) => {
    start = place(event);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => start && draw([...boxes, box(event)]));
  sheet.addEventListener("pointercancel", () => ((start = null), show()));
  sheet.addEventListener("pointerup", (event) => {
    if (!start) return;
    cover(box(event));
    start = null;
  });
  undo.addEventListener("click", () => {
    boxes.pop();
    show();
    field.files = copy();
  });
  field.addEventListener("change", () => {
    boxes.length = 0; // a copy made elsewhere takes their place
    show();
  });
  photo.hidden = true;
  photo.after(sheet);
  tools.hidden = false;
  show();
}
