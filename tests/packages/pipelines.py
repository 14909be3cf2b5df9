"""Runs what action.yml and the template for GitLab run, in scratch repositories, with inputs harmless and hostile.

    pipelines.py PROGRAM [WHEEL]

Needs PyYAML. With a wheel, what installs it is run as well.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = "dot_local/share/profanity/private_accounts"
WEAK = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=allow\n"
SOUND = WEAK.replace("allow", "force")

# Each would make a file called `pwned` if a shell ran any of it, or if the program took it for an option.
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "x; touch pwned #",
    "--report=concise=pwned",
    "-q",
    "PATHS\ntouch pwned",
    "${{ github.token }}",
]


class Repository:
    """A scratch repository with one account of Profanity, or with none."""

    def __init__(self, accounts):
        self.folder = tempfile.TemporaryDirectory(prefix="dotfiles")
        self.path = Path(self.folder.name) / "repository"
        self.path.mkdir()
        (self.path / "README.md").write_text("My dotfiles\n")
        if accounts:
            path = self.path / ACCOUNTS
            path.parent.mkdir(parents=True)
            path.write_text(accounts)
        subprocess.run(["git", "init", "-q"], cwd=self.path, check=True)
        subprocess.run(["git", "add", "."], cwd=self.path, check=True)

    def environment(self, more):
        """What a runner sets, and nothing of this machine's but where programs are."""
        home = Path(self.folder.name) / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **more}

    def was_broken_into(self):
        return any(path.name == "pwned" for path in Path(self.folder.name).rglob("*"))


def action(repository, given, installs=False):
    """Runs the action's steps. Gives the exit code of the whole, its output, and which steps ran."""
    document = yaml.safe_load((ROOT / "action.yml").read_text())
    unknown = set(given) - set(document["inputs"])
    assert not unknown, unknown
    inputs = {name: given.get(name, entry.get("default", "")) for name, entry in document["inputs"].items()}
    temporary = Path(repository.folder.name) / "temporary"
    temporary.mkdir(exist_ok=True)
    values = {f"inputs.{name}": value for name, value in inputs.items()}
    values |= {"github.action_path": str(ROOT), "runner.temp": str(temporary)}
    ran, told, code = [], "", 0
    for step in document["runs"]["steps"]:
        if code != 0 or ("if" in step and not holds(step["if"], values)):
            continue
        ran.append(step["name"])
        if "uses" in step:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]), "an action that is not pinned"
            uploaded = json.loads(Path(filled(step["with"]["sarif_file"], values)).read_text())
            results = [result for run in uploaded["runs"] for result in run["results"]]
            assert not any(result.get("suppressions") for result in results), "accepted, and uploaded all the same"
            values["uploaded"] = str(len(results))
            continue
        if step["name"] == "Install" and not installs:
            continue
        assert "${{" not in step["run"], "an expression within a script"
        output = temporary / "output"
        output.write_text("")
        environment = {name: filled(value, values) for name, value in step.get("env", {}).items()}
        summary = str(temporary / "summary")
        environment |= {
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": summary,
            "GITHUB_WORKSPACE": str(repository.path),
        }
        script = temporary / "script.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=repository.path,
            env=repository.environment(environment),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        code, told = done.returncode, told + done.stdout
        for line in output.read_text().splitlines():
            name, value = line.split("=", 1)
            values[f"steps.{step['id']}.outputs.{name}"] = value
    return code, told, ran, values


def filled(text, values):
    """The text with the values of its expressions, each of which is a name."""
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: values.get(found[1], ""), text)


def holds(condition, values):
    """Whether a condition of the kind `NAME == 'word' && NAME != ''` holds."""
    for part in condition.split("&&"):
        name, operator, word = re.fullmatch(r" *([\w.-]+) *(==|!=) *'(.*)' *", part).groups()
        if (values.get(name, "") == word) != (operator == "=="):
            return False
    return True


def gitlab(repository, given, program, installs=False):
    """Runs the job of the template. Gives its exit code, its output and the reports that it keeps."""
    header, body = yaml.safe_load_all((ROOT / ".gitlab/xmpp-audit.gitlab-ci.yml").read_text())
    declared = header["spec"]["inputs"]
    unknown = set(given) - set(declared)
    assert not unknown, unknown
    inputs = {name: given.get(name, entry.get("default", "")) for name, entry in declared.items()}

    def put(text):
        return re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: inputs[found[1]], text)

    job = body["xmpp-audit"]
    variables = {}
    for name, variable in job["variables"].items():
        assert variable["expand"] is False, f"{name} would be expanded"
        variables[name] = put(variable["value"])
    lines = job["script"] if installs else job["script"][1:]
    assert not any("$[[" in line for line in lines), "an input within a script"
    variables["CI_PROJECT_DIR"] = str(repository.path)
    environment = repository.environment(variables)
    if installs:
        fresh = Path(repository.folder.name) / "image"
        subprocess.run([sys.executable, "-m", "venv", fresh], check=True)
        environment["PATH"] = f"{fresh}/bin:{environment['PATH']}"
    else:
        # Beside the program lies nothing that the job could take for something else.
        links = Path(repository.folder.name) / "bin"
        links.mkdir(exist_ok=True)
        link = links / "xmpp-audit"
        link.unlink(missing_ok=True)
        link.symlink_to(program)
        environment["PATH"] = f"{links}:{environment['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        cwd=repository.path,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    reports = {kind: repository.path / name for kind, name in job["artifacts"]["reports"].items()}
    return done.returncode, done.stdout, reports


def has_format(program, name):
    done = subprocess.run([program, "check", "--help"], text=True, stdout=subprocess.PIPE, check=True)
    return re.search(rf"^ *- {name}:", done.stdout, re.MULTILINE) is not None


def check_action(program, wheel):
    weak, sound, empty = Repository(WEAK), Repository(SOUND), Repository(None)
    binary = {"binary": program}

    code, told, ran, values = action(weak, binary)
    assert code == 1 and ran == ["Check", "Upload to code scanning", "Verdict"], (code, ran, told)
    assert re.search(rf"^::error .*file={re.escape(ACCOUNTS)}\b", told, re.MULTILINE), told
    sarif = json.loads((weak.path / values["steps.check.outputs.sarif-file"]).read_text())
    found = {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert "encryption-optional" in found, found
    if has_format(program, "markdown"):
        summary = Path(weak.folder.name) / "temporary/summary"
        assert "encryption-optional" in summary.read_text()

    code, told, ran, _ = action(sound, binary | {"path": ACCOUNTS, "upload": "false"})
    assert code == 0 and ran == ["Check", "Verdict"], (code, ran, told)
    assert action(weak, binary | {"fail-on": "none"})[0] == 0
    assert action(weak, binary | {"policy": "strict", "path": "README.md\n" + ACCOUNTS + "\n"})[0] == 1
    assert action(empty, binary)[0] == 3
    assert action(empty, binary | {"path": ""})[0] == 3, "the runner's home was audited"
    assert action(empty, binary | {"allow-empty": "true"})[0] == 0
    old = Repository(WEAK)
    create = [program, "baseline", "create", "--reason", "before we cared", "."]
    subprocess.run(create, cwd=old.path, env=old.environment({}), stdout=subprocess.DEVNULL, check=True)
    code, told, ran, values = action(old, binary | {"baseline": "xmpp-audit-baseline.json"})
    assert (code, values["uploaded"]) == (0, "0"), (code, told)
    code, told, ran, _ = action(weak, binary | {"policy": "nonsense"})
    assert code == 2 and ran == ["Check", "Verdict"], (code, ran, told)

    names = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    for name in set(names) - {"binary", "package"}:
        for text in HOSTILE:
            repository = Repository(WEAK)
            action(repository, binary | {name: text})
            assert not repository.was_broken_into(), f"{name}: {text}"
    print(f"passed: action.yml, {len(HOSTILE)} hostile texts in {len(names) - 2} inputs")

    if wheel:
        code, told, ran, _ = action(weak, {"package": wheel}, installs=True)
        assert code == 1 and ran[0] == "Install", (code, told)
        print("passed: action.yml installs the wheel and runs it")


def check_gitlab(program, wheel):
    code, told, reports = gitlab(Repository(None), {}, program)
    assert code == 3, (code, told)
    weak = Repository(WEAK)
    code, told, reports = gitlab(weak, {}, program)
    assert code == 1, (code, told)
    quality = json.loads(reports["codequality"].read_text())
    assert any(issue["location"]["path"] == ACCOUNTS for issue in quality), quality
    failures = ElementTree.parse(reports["junit"]).getroot().iter("failure")
    assert list(failures), "no test failed"
    code, told, _ = gitlab(Repository(SOUND), {"path": f"README.md\n{ACCOUNTS}\n", "policy": "baseline"}, program)
    assert code == 0, (code, told)
    assert gitlab(Repository(None), {"path": ""}, program)[0] == 3, "the runner's home was audited"
    inputs = ["path", "policy", "fail_on", "baseline", "config"]
    for name in inputs:
        for text in HOSTILE:
            repository = Repository(WEAK)
            gitlab(repository, {name: text}, program)
            assert not repository.was_broken_into(), f"{name}: {text}"
    print(f"passed: the template for GitLab, {len(HOSTILE)} hostile texts in {len(inputs)} inputs")
    if wheel:
        code, told, _ = gitlab(weak, {"package": wheel}, program, installs=True)
        assert code == 1, (code, told)
        print("passed: the template for GitLab installs the wheel and runs it")


def main():
    program = str(Path(sys.argv[1]).resolve())
    wheel = str(Path(sys.argv[2]).resolve()) if len(sys.argv) > 2 else None
    for check, needs in [(check_action, ["sarif", "github"]), (check_gitlab, ["gitlab", "junit"])]:
        missing = [name for name in needs if not has_format(program, name)]
        if missing:
            print(f"skipped: {check.__name__}: this program does not write {', '.join(missing)}")
        else:
            check(program, wheel)


if __name__ == "__main__":
    main()
