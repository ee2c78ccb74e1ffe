// stdin: a JSON list of scripts. stdout: for each, what it is once evaluated as one expression, `(<script>)`, and the
// names it leaves behind when it is run as a program of its own: one function and nothing else.
'use strict';

const vm = require('node:vm');

let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (piece) => { input += piece; });
process.stdin.on('end', () => {
  const described = JSON.parse(input).map((script) => {
    const value = vm.runInNewContext(`(${script}\n)`, {});
    const scope = {};
    vm.runInNewContext(script, scope);
    return { type: typeof value, name: value.name, parameters: value.length, left: Object.keys(scope) };
  });
  process.stdout.write(JSON.stringify(described));
});
