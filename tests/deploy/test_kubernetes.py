"""Kubernetes manifests: as the published schemas ask for, closed in, and the same line as docker-compose.yml has."""

from __future__ import annotations

import shutil
import subprocess
from copy import deepcopy
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.deploy.compose import SECRETS, services
from tests.deploy.images import DOCKERFILES
from tests.deploy.kubernetes import (
    COMPONENTS,
    FOLDER,
    SERVERS,
    container,
    environment,
    kustomization,
    literals,
    pod,
    resources,
    workload,
    written,
)
from tests.deploy.layout import (
    PORTS,
    documented_variables,
    variables_of_actions,
    variables_of_triage,
)
from tests.deploy.probes import answers_to, paths_of

# The oldest and the newest that are looked at.
VERSIONS = ("1.31", "1.37")

every_component = pytest.mark.parametrize("component", COMPONENTS)
every_server = pytest.mark.parametrize("component", SERVERS)


# ── the published schemas ──


@pytest.mark.parametrize("version", VERSIONS)
def test_every_resource_is_what_the_published_schemas_ask_for(version: str) -> None:
    checked = 0
    for file, resource in written():
        try:
            kubernetes_validate.validate(resource, version, strict=True)
        except kubernetes_validate.ValidationError as fault:
            raise AssertionError(f"{file}: {resource['kind']}: {fault.message}") from None
        checked += 1
    assert checked > 20


def test_the_schemas_say_no_to_what_is_misspelt() -> None:
    wrong = deepcopy(workload("triage"))
    wrong["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_kustomize_puts_the_example_together(tmp_path: Path) -> None:
    if not shutil.which("kubectl"):
        pytest.skip("kubectl, which holds kustomize, is not installed here")
    done = subprocess.run(
        ["kubectl", "kustomize", FOLDER / "overlays" / "example"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    rendered = list(yaml.safe_load_all(done.stdout))
    for resource in rendered:
        kubernetes_validate.validate(resource, VERSIONS[-1], strict=True)
        if resource["kind"] != "Namespace":
            assert resource["metadata"]["namespace"] == "ask311"
    names = {(r["kind"], r["metadata"]["name"]) for r in rendered}
    for _, resource in written():
        assert (resource["kind"], resource["metadata"]["name"]) in names
    text = done.stdout
    assert "registry.example.org/ask311-services:0.1.0" in text
    assert "registry.example.org/ask311-rasa:0.1.0" in text
    # The overlay's settings stand beside the base's, and a change of them rolls the pods.
    [front] = [
        r
        for r in rendered
        if r["kind"] == "ConfigMap" and r["metadata"]["name"].startswith("front-")
    ]
    assert {"ASK311_RASA_URLS", "ASK311_PUBLIC_URL"} <= front["data"].keys()
    assert set(front["data"]) <= variables_of_triage()
    assert f"name: {front['metadata']['name']}" in text.split("kind: Deployment", 1)[1]


def test_kustomize_is_told_of_every_file() -> None:
    for folder in ("base", "database", "overlays/example"):
        told = {r for r in kustomization(folder)["resources"] if not r.startswith("..")}
        there = {f.name for f in (FOLDER / folder).glob("*.yaml")} - {"kustomization.yaml"}
        assert told == there, folder


# ── closed in ──


@every_component
def test_a_pod_meets_the_restricted_standard(component: str) -> None:
    of_pod, of_container = (
        pod(component)["securityContext"],
        container(component)["securityContext"],
    )
    assert of_pod["runAsNonRoot"] is True
    assert of_pod["runAsUser"] > 0
    assert of_pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert of_container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(component)["automountServiceAccountToken"] is False
    assert pod(component)["enableServiceLinks"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & pod(component).keys()
    for volume in pod(component).get("volumes", []):
        assert {"emptyDir", "persistentVolumeClaim"} & volume.keys()


@every_component
def test_a_container_says_what_it_takes(component: str) -> None:
    assert {"cpu", "memory"} <= container(component)["resources"]["requests"].keys()
    assert container(component)["resources"]["limits"]["memory"]


@every_component
def test_images_and_users_are_those_of_compose(component: str) -> None:
    ours = services()[component]
    assert container(component)["image"] == ours["image"]
    assert ours["user"].split(":")[0] == str(pod(component)["securityContext"]["runAsUser"])


@every_component
def test_a_command_is_that_of_compose(component: str) -> None:
    if component == "db":
        assert "command" not in container(component)
        return
    command, ours = container(component)["command"], services()[component]["command"]
    if component == "catalogue":  # the search's cache is each action server's own here
        assert f"{command[-1]} && python -m services_catalog prepare" == ours[-1]
    else:
        assert command == ours


def test_labels_of_pods_are_those_that_they_are_chosen_by() -> None:
    for component in COMPONENTS:
        spec = workload(component)["spec"]
        labels = {"app.kubernetes.io/name": "ask311", "app.kubernetes.io/component": component}
        assert spec["template"]["metadata"]["labels"] == labels
        if component != "catalogue":
            assert spec["selector"]["matchLabels"] == labels


# ── probes, services, disruptions ──


@every_server
def test_a_server_has_probes_that_ask_where_it_answers(component: str) -> None:
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = container(component)[name]
        if "httpGet" in probe:
            assert probe["httpGet"]["port"] == container(component)["ports"][0]["name"]
            assert answers_to(component, probe["httpGet"]["path"])
        else:
            assert ("exec" in probe) == (component == "db")
    # Long enough for a start on a busy machine.
    start = container(component)["startupProbe"]
    assert start["periodSeconds"] * start["failureThreshold"] >= 180


def test_a_front_door_takes_messages_while_others_are_away() -> None:
    # /health/ready says whether questions can be answered; messages are kept without that.
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container("triage")[name]["httpGet"]["path"] == "/health/live"


@every_server
def test_a_server_listens_where_its_service_sends(component: str) -> None:
    [port] = container(component)["ports"]
    assert port["containerPort"] == PORTS[component]
    service = resources("Service").get(component)
    if component == "worker":
        assert service is None, "nobody calls a worker"
        return
    assert service is not None
    [sends] = service["spec"]["ports"]
    assert (sends["port"], sends["targetPort"]) == (PORTS[component], port["name"])
    assert service["spec"]["selector"] == workload(component)["spec"]["selector"]["matchLabels"]


@pytest.mark.parametrize("component", ["triage", "worker", "actions", "rasa"])
def test_a_node_that_is_emptied_leaves_one_of_each(component: str) -> None:
    budget = resources("PodDisruptionBudget")[component]["spec"]
    assert (
        budget["selector"]["matchLabels"]
        == workload(component)["spec"]["selector"]["matchLabels"]
    )
    assert budget.get("minAvailable") == 1 or budget.get("maxUnavailable") == 1
    # One that must stay, of one alone, would hold the node up for ever.
    assert workload(component)["spec"]["replicas"] >= 2


def test_each_rasa_has_an_address_of_its_own_that_conversations_keep_to() -> None:
    rasa = workload("rasa")
    assert rasa["kind"] == "StatefulSet"
    assert resources("Service")[rasa["spec"]["serviceName"]]["spec"]["clusterIP"] == "None"
    urls = [f"http://rasa-{n}.rasa:{PORTS['rasa']}" for n in range(rasa["spec"]["replicas"])]
    assert literals("front")["ASK311_RASA_URLS"] == ",".join(urls)


# What those who run the line ask for, and the line's own parts: no business of the outside.
INSIDE = ("/metrics", "/health", "/version", "/api/triage")


def test_the_outside_reaches_what_is_for_it_and_no_more() -> None:
    [rule] = resources("Ingress")["ask311"]["spec"]["rules"]

    def is_open(path: str) -> bool:
        return any(
            path == p["path"]
            or (p["pathType"] == "Prefix" and path.startswith(p["path"] + "/"))
            for p in rule["http"]["paths"]
        )

    paths = paths_of("triage")
    assert len(paths) > 20
    for path in paths:
        assert is_open(path) != path.startswith(INSIDE), path
    for listed in rule["http"]["paths"]:
        service = listed["backend"]["service"]
        assert service == {"name": "triage", "port": {"name": "http"}}


# ── settings and secrets ──


@every_component
def test_what_a_container_is_given_is_read_by_it(component: str) -> None:
    allowed = {
        "db": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PGDATA"},
        "actions": variables_of_actions() | {"PGPASSWORD"},
        "rasa": {"ASK311_GATEWAY_SECRET", "ASK311_ACTIONS_URL"},
    }.get(component, variables_of_triage() | {"PGPASSWORD"})
    assert set(environment(component)) <= allowed
    if component != "db":
        assert set(environment(component)) <= documented_variables()


@every_component
def test_what_a_container_is_given_is_what_compose_gives(component: str) -> None:
    named = {
        "POSTGRES_PASSWORD": "secret database-password",
        "ASK311_GATEWAY_SECRET": "secret gateway-secret",
        "ASK311_API_SECRET": "secret api-secret",
    }
    secrets = {value: named[name] for name, value in SECRETS.items()}
    ours = {k: secrets.get(v, v) for k, v in services()[component]["environment"].items()}
    # Where things differ in their names.
    ours |= (
        {"ASK311_RASA_URLS": literals("front")["ASK311_RASA_URLS"]}
        if "ASK311_RASA_URLS" in ours
        else {}
    )
    ours |= {"PGDATA": "/var/lib/postgresql/data/pgdata"} if component == "db" else {}
    assert environment(component) == ours


def test_no_secret_is_written_here() -> None:
    assert not resources("Secret")
    for component in COMPONENTS:
        for source in container(component).get("envFrom", []):
            if "secretRef" in source:
                assert component in ("triage", "worker")
                assert source["secretRef"] == {"name": "ask311-further", "optional": True}
        for variable in container(component).get("env", []):
            if any(word in variable["name"] for word in ("SECRET", "PASSWORD")):
                # Not optional: without it, the container does not start.
                assert variable["valueFrom"]["secretKeyRef"].keys() == {"name", "key"}


# ── what is kept ──


def test_volumes_are_mounted_where_the_images_write() -> None:
    mounts = {c: {m["mountPath"] for m in container(c)["volumeMounts"]} for c in COMPONENTS}
    for component in COMPONENTS:
        assert {v["name"] for v in pod(component)["volumes"]} | {"data"} >= {
            m["name"] for m in container(component)["volumeMounts"]
        }
        assert "/tmp" in mounts[component]  # noqa: S108 (of the container)
    assert "/srv/media" in mounts["triage"] & mounts["worker"]
    assert "/srv/search" in mounts["actions"]
    assert "/var/lib/postgresql/data" in mounts["db"]
    text = DOCKERFILES["ask311-services"].read_text(encoding="utf-8")
    assert "ASK311_MEDIA_DIR=/srv/media" in text
    assert "ASK311_SEARCH_CACHE=/srv/search" in text
    assert resources("PersistentVolumeClaim")["media"]["spec"]["accessModes"] == [
        "ReadWriteMany"
    ]
