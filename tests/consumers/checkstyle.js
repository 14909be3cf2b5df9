// Reads a Checkstyle report with the parser of danger-plugin-lint-report (npm), which posts such reports to pull
// requests, and compares it with the JSON report of the same audit.
//
// usage: checkstyle.js FOLDER-OF-MODULES REPORT.xml REPORT.json

"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");

const [modules, report, ofJson] = process.argv.slice(2);
const plugin = path.join(modules, "danger-plugin-lint-report");
const { parseCheckstyle } = require(path.join(plugin, "dist/parse/checkstyle_parser"));
const { xml2js } = require(require.resolve("xml-js", { paths: [plugin] }));

const LEVELS = { critical: "error", high: "error", medium: "warning", low: "warning", info: "info" };
const audit = JSON.parse(fs.readFileSync(ofJson, "utf8"));
const expected = audit.findings.map((finding) => {
  const file = path.relative(audit.summary.searched[0], finding.path);
  const first = `${finding.severity}: ${finding.message}`;
  return `${file}:${finding.line ?? 1}:${finding.column ?? 1} ${LEVELS[finding.severity]} ${first}`;
});
const violations = parseCheckstyle(xml2js(fs.readFileSync(report)), "/nowhere");
// What could not be read has no column.
const found = violations
  .filter((violation) => !Number.isNaN(violation.column))
  .map(({ file, line, column, severity, message }) => `${file}:${line}:${column} ${severity} ${message.split("\n")[0]}`);
assert.deepStrictEqual(found.sort(), expected.sort());
assert(violations.length > found.length, "what could not be read is told, too");
for (const violation of violations) {
  assert(!path.isAbsolute(violation.file), violation.file);
  assert(violation.line >= 1 && violation.message);
}
console.log(`checkstyle: ${violations.length} violations`);
