// Shows what came in, newest first, and looks again every two seconds. Letters are only ever text here.
const list = document.querySelector('#letters');
const to = document.querySelector('#to');
to.value = new URLSearchParams(location.search).get('to') ?? '';
let shown = '';

function element(name, options, ...children) {
  const made = Object.assign(document.createElement(name), options);
  made.append(...children);
  return made;
}

function withLinks(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) =>
    index % 2 ? element('a', { href: part, rel: 'noreferrer', textContent: part }) : part);
}

function show(letter) {
  const about = `${letter.to.join(', ')} · ${new Date(letter.received_at).toLocaleTimeString()}`;
  return element('article', {},
    element('h2', { textContent: letter.subject }),
    element('p', { className: 'about', textContent: about }),
    element('div', { className: 'text' }, ...withLinks(letter.text.trim())));
}

async function look() {
  const answer = await fetch(`/sandbox/letters?to=${encodeURIComponent(to.value)}`);
  const { letters } = await answer.json();
  const key = letters.map((letter) => letter.id).join();
  if (key === shown && list.childElementCount) return;
  shown = key;
  list.replaceChildren(...(letters.length ? letters.map(show) : [element('p', { textContent: 'No letters yet.' })]));
}

to.addEventListener('input', look);
setInterval(look, 2000);
look();
