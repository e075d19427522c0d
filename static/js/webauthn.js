// Passkeys: the button appears where the browser can, and a refusal of the device is said in words.
"use strict";

if (window.PublicKeyCredential) {
  for (const box of document.querySelectorAll("[data-passkey]")) box.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const words of document.querySelectorAll("[data-passkey-failed]")) words.hidden = false;
});
