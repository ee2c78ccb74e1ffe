  // Addresses<% if username %> and user names<% endif %> are kept in lower case. Only A to Z: other letters look alike and are not the same.
  function lowerCase(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }
