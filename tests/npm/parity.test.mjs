// The package and the `overtone` command answer alike, to the last bit.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { command } from "../e2e/harness.mjs";
import { install, madeUp, repository } from "./installed.mjs";

const user = await install();
after(user.remove);
const { eightGenres, fifteenGenres } = user.overtone;

/** What the command says about a table, row by row. */
async function classified(table, options) {
  const file = join(user.folder, "tracks.csv");
  await writeFile(file, table);
  const printed = await new Promise((resolve, reject) => {
    execFile(command, ["classify", file, "--json", ...options], { maxBuffer: 1 << 26 }, (error, stdout) =>
      // Rows with problems are told by the status 1.
      error && error.code !== 1 ? reject(error) : resolve(stdout),
    );
  });
  return printed.trim().split("\n").map((line) => JSON.parse(line));
}

const skip = command ? false : "needs the command, and OVERTONE_CLI does not say where it is";

for (const [name, open, file] of [
  ["eight", eightGenres, "eight-genres.forest"],
  ["fifteen", fifteenGenres, "fifteen-genres.forest"],
]) {
  for (const usePopularity of [false, true]) {
    test(`${name} genres, ${usePopularity ? "with" : "without"} popularity`, { skip }, async () => {
      const model = await open();
      const tracks = madeUp(model.features, 2000);
      const names = model.features.map((feature) => feature.name);
      const table = [names, ...tracks.map((track) => names.map((name) => track[name] ?? ""))].map((row) => row.join(",")).join("\n");
      const options = ["--model", repository(`crates/genre/models/${file}`), ...(usePopularity ? ["--use-popularity"] : [])];
      const expected = await classified(table, options);
      // Lines of nothing are no rows of a table.
      const rows = tracks.filter((track) => Object.keys(track).length > 0);
      const answers = model.classifyAll(rows, { usePopularity });
      assert.equal(expected.length, answers.length);
      let errors = 0;
      answers.forEach((answer, row) => {
        const { predicted_genre, confidence, probabilities, none_of_these, problems } = expected[row];
        if (answer instanceof Error) {
          errors += 1;
          assert.equal(predicted_genre, null);
          assert.ok(problems.some((problem) => problem.includes(answer.message)), `${answer.message} is not in ${problems}`);
        } else {
          assert.deepEqual(
            { predicted_genre: answer.genre, confidence: answer.confidence, probabilities: answer.probabilities, none_of_these: answer.noneOfThese },
            { predicted_genre, confidence, probabilities, none_of_these },
          );
        }
      });
      assert.ok(errors > 0 && errors < answers.length);
    });
  }
}
