// Reports of citizens: the draft kept on this device, photos made small before they travel, proof of work.
// Without it everything works too: the report then waits for a person to look at it first.
"use strict";

// --- Draft: until it was sent, or a day has passed --------------------------------------------------
const DAY = 24 * 3600 * 1000;
const slot = (name) => `draft:${name}`;
const typed = (field) => field.name && !/^(hidden|file|submit|password)$/.test(field.type) && field.name !== "website";

// A browser may forbid or have filled its storage; then nothing is kept and nothing fails.
function storage(method, ...rest) {
  try {
    return localStorage[method](...rest);
  } catch {
    return null;
  }
}

function keep(form) {
  const values = {};
  for (const field of form.elements) {
    if (!typed(field) || field.name === "drop") continue;
    if (/^(radio|checkbox)$/.test(field.type) && !field.checked) continue;
    values[field.name] = field.value;
  }
  storage("setItem", slot(form.dataset.draft), JSON.stringify({ at: Date.now(), values }));
}

function restore(form) {
  const kept = JSON.parse(storage("getItem", slot(form.dataset.draft)) ?? "null");
  if (!kept || form.querySelector("[data-error-summary]")) return;
  if (Date.now() - kept.at > DAY) return storage("removeItem", slot(form.dataset.draft));
  let found = false;
  for (const field of form.elements) {
    if (!typed(field) || !(field.name in kept.values)) continue;
    const value = kept.values[field.name];
    if (/^(radio|checkbox)$/.test(field.type)) {
      if (field.value === value && !field.checked) field.checked = found = true;
    } else if (!field.value && value) {
      field.value = value;
      found = true;
    }
  }
  const note = document.querySelector("[data-draft-found]");
  if (note) note.hidden = !found;
}

for (const sent of document.querySelectorAll("[data-draft-sent]")) {
  storage("removeItem", slot(sent.dataset.draftSent));
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  document.querySelector("[data-draft-delete]")?.addEventListener("click", () => {
    storage("removeItem", slot(form.dataset.draft));
    form.reset();
    document.querySelector("[data-draft-found]").hidden = true;
  });
}

// --- Print ------------------------------------------------------------------------------------------
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// --- Photos: at most as large as the portal keeps them -----------------------------------------------
const SIDE = 2048;

async function shrink(file) {
  if (!/^image\/(jpeg|webp)$/.test(file.type) || file.size < 500_000) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(picture.width * scale);
  sheet.height = Math.round(picture.height * scale);
  sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
  const made = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.85));
  if (!made || made.size >= file.size) return file;
  return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

for (const input of document.querySelectorAll("input[data-shrink]")) {
  input.addEventListener("change", async () => {
    const small = new DataTransfer();
    for (const file of input.files) small.items.add(await shrink(file).catch(() => file));
    input.files = small.files;
  });
}

// --- Where somebody is, once he asks for it: the point goes into the field and nowhere else --------------
for (const button of document.querySelectorAll("[data-locate]")) {
  if (!globalThis.isSecureContext || !navigator.geolocation) continue;
  const field = document.getElementById(button.dataset.locate);
  const state = button.nextElementSibling;
  const found = ({ coords }) => {
    field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    state.textContent = `${state.dataset.found} ${Math.round(coords.accuracy)}`;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    state.textContent = state.dataset.working;
    const failed = () => (state.textContent = state.dataset.failed);
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 15000 });
  });
}

// --- Proof of work: ALTCHA v2, PBKDF2 (the server makes and checks it) -------------------------------
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(challenge) {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const start = bytes(nonce);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    const password = new Uint8Array(start.length + 4);
    password.set(start);
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

for (const form of document.querySelectorAll("form[data-challenge]")) {
  if (!globalThis.crypto?.subtle) continue;
  const challenge = JSON.parse(form.dataset.challenge);
  const state = form.querySelector("[data-proof-state]");
  state.textContent = state.dataset.working;
  const solved = solve(challenge)
    .then((solution) => {
      form.elements.altcha.value = btoa(JSON.stringify({ challenge, solution }));
      state.textContent = state.dataset.ready;
    })
    .catch(() => (state.textContent = ""))
    .finally(() => (form.dataset.proved = "1"));
  form.addEventListener("submit", (event) => {
    if (form.dataset.proved || event.submitter?.value !== "send") return;
    event.preventDefault();
    event.stopPropagation(); // app.js must not take it for sent
    const button = event.submitter;
    button.setAttribute("aria-busy", "true");
    solved.then(() => form.requestSubmit(button));
  });
}
