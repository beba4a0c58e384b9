"""The Kubernetes manifests as they are written, before kustomize puts them together."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.images import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
COMPONENTS = ("catalogue", "triage", "worker", "actions", "rasa", "db")
SERVERS = tuple(c for c in COMPONENTS if c != "catalogue")
Resource = dict[str, Any]


@cache
def written() -> list[tuple[Path, Resource]]:
    """Return every resource with the file that it stands in."""
    return [
        (file, resource)
        for file in sorted(FOLDER.rglob("*.yaml"))
        if file.name != "kustomization.yaml"
        for resource in yaml.safe_load_all(file.read_text(encoding="utf-8"))
    ]


def resources(kind: str) -> dict[str, Resource]:
    return {r["metadata"]["name"]: r for _, r in written() if r["kind"] == kind}


def workload(component: str) -> Resource:
    found = [
        r
        for _, r in written()
        if r["kind"] in ("Deployment", "StatefulSet", "Job")
        and r["metadata"]["name"] == component
    ]
    assert len(found) == 1
    return found[0]


def pod(component: str) -> Resource:
    found: Resource = workload(component)["spec"]["template"]["spec"]
    return found


def container(component: str) -> Resource:
    [found] = pod(component)["containers"]
    return dict(found)


def kustomization(folder: str) -> Resource:
    found: Resource = yaml.safe_load(
        (FOLDER / folder / "kustomization.yaml").read_text(encoding="utf-8")
    )
    return found


def literals(name: str) -> dict[str, str]:
    [found] = [g for g in kustomization("base")["configMapGenerator"] if g["name"] == name]
    return dict(line.split("=", 1) for line in found["literals"])


def environment(component: str) -> dict[str, str]:
    """Return what a container is given, secrets by the name of their key."""
    given = {}
    for source in container(component).get("envFrom", []):
        if "configMapRef" in source:
            given |= literals(source["configMapRef"]["name"])
    for variable in container(component).get("env", []):
        secret = variable.get("valueFrom", {}).get("secretKeyRef")
        given[variable["name"]] = f"secret {secret['key']}" if secret else variable["value"]
    return given
