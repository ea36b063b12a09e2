// Sends the answer to the app at once; without scripts the button on the page does it.
document.getElementById("form-post").submit();
