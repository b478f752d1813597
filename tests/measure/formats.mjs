// What becomes of files: `node tests/measure/formats.mjs FOLDER…`, after `cargo build --release -p overtone-cli`. Prints a
// table with a line for each file: what it was taken for, its rows, how many of them have a genre, and what was named.
// Without a folder, the made-up files of every format in tests/files. OVERTONE_CLI names another command.
import { readdirSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = process.env.OVERTONE_CLI ?? join(root, "target/release/overtone");
const folders = process.argv.length > 2 ? process.argv.slice(2) : [join(root, "tests/files")];

/** The files of a folder and of those in it, but for what the tests keep beside them. */
function filesIn(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return /\.(expected\.json|py)$/.test(name) ? [] : [path];
  });
}

function run(...args) {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return { stdout, told: stderr.split("\n").filter(Boolean) };
}

/** The problems without what differs from row to row, and how often each was told. */
function counted(problems) {
  const counts = new Map();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  return [...counts].map(([problem, count]) => (count > 1 ? `${count} × ${problem}` : problem));
}

function lineOf(path, folder) {
  const looked = run("inspect", path).stdout;
  const tools = [...looked.matchAll(/^ {2}from (.*)$/gm)].map(([, tool]) => tool);
  const taken = [...new Set(tools)].join(", ");
  const { told } = run("classify", "--all-problems", "--output", "/dev/null", path);
  let [rows, classified] = [0, 0];
  const named = [];
  for (const line of told) {
    const sum = /: ([\d,]+) of ([\d,]+) tracks? (?:has|have) a genre, /.exec(line);
    if (sum) {
      classified += Number(sum[1]);
      rows += Number(sum[2]);
    } else if (line.startsWith("overtone: ")) {
      named.push(line.slice("overtone: ".length).replace(`${path}: `, ""));
    } else if (/, line \d+/.test(line)) {
      named.push(line.replace(/^.*?, line \d+(, column “[^”]*”)?: /, "").replace(/“[^”]*”/, "“…”"));
    } else if (line.startsWith(path) && / column|names? |passed over/.test(line) && !/of their own/.test(line)) {
      named.push(line.replace(`${path}: `, ""));
    }
  }
  const cells = [relative(folder, path), taken, rows, classified, counted(named).join("; ")];
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

console.log("| File | Taken for | Rows | With a genre | Named |\n|---|---|---:|---:|---|");
for (const folder of folders) for (const path of filesIn(folder)) console.log(lineOf(path, folder));
