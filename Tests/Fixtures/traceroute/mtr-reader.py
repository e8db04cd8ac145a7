"""Reads a report of mtr's, or one that says that it is like it: `mtr-reader.py json|csv|text FILE`.

Prints a line a hop: number, host, loss in per cent, probes, mean and shortest delay in milliseconds.
"""
import csv
import json
import re
import sys


def read_json(text):
    report = json.loads(text)["report"]
    assert isinstance(report["mtr"]["src"], str) and isinstance(report["mtr"]["psize"], str)
    assert int(report["mtr"]["tests"]) > 0 and isinstance(report["mtr"]["dst"], str)
    for hub in report["hubs"]:
        hub["Last"], hub["Wrst"], hub["StDev"]
        yield int(hub["count"]), hub["host"], hub["Loss%"], int(hub["Snt"]), hub["Avg"], hub["Best"]


def read_csv(text):
    for row in csv.DictReader(text.splitlines()):
        assert row["Status"] == "OK" and int(row["Start_Time"]) > 0
        float(row["Last"]), float(row["Wrst"]), float(row["StDev"])
        yield tuple(row[key] for key in ("Hop", "Ip", "Loss%", "Snt", "Avg", "Best"))


def read_text(text):
    lines = text.splitlines()
    assert re.fullmatch(r"Start: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", lines[0]), lines[0]
    assert re.fullmatch(r"HOST: \S+ +Loss% +Snt +Last +Avg +Best +Wrst +StDev", lines[1]), lines[1]
    row = re.compile(r" *(\d+)\.\|-- (\S+) +([\d.]+)%? +(\d+) +[\d.]+ +([\d.]+) +([\d.]+) +[\d.]+ +[\d.]+ *")
    for line in lines[2:]:
        found = row.fullmatch(line)
        if found:
            yield found.groups()
        else:
            assert re.fullmatch(r" {8}\S+ *", line), line


with open(sys.argv[2]) as file:
    content = file.read()
for number, host, loss, sent, mean, best in {
    "json": read_json, "csv": read_csv, "text": read_text
}[sys.argv[1]](content):
    print(int(number), host, float(loss), int(sent), float(mean), float(best))
