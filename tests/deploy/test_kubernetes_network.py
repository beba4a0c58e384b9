"""Kubernetes' network policies: the table of who speaks to whom, from both sides, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from tests.deploy.kubernetes import Resource, resources
from tests.deploy.layout import CALLS_OUT, PORTS, SPEAKS


def _component(peer: Resource) -> set[str]:
    key, selector = "app.kubernetes.io/component", peer["podSelector"]
    labels = dict(selector["matchLabels"])
    assert labels.pop("app.kubernetes.io/name") == "ask311"
    found = {labels.pop(key)} if key in labels else set()
    assert not labels
    for expression in selector.get("matchExpressions", []):
        assert (expression["key"], expression["operator"]) == (key, "In")
        found |= set(expression["values"])
    assert found
    return found


def _let_through(direction: str, peers: str) -> Iterator[tuple[str, Resource, int]]:
    """Yield (component, its peer, port) of every rule of that direction."""
    for name, policy in resources("NetworkPolicy").items():
        if name in ("nothing-else", "names"):
            continue
        [component] = _component({"podSelector": policy["spec"]["podSelector"]})
        assert component == name
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        for rule in policy["spec"].get(direction, []):
            assert rule["ports"], "every port"
            for peer in rule[peers]:
                for port in rule["ports"]:
                    assert port["protocol"] == "TCP"
                    yield component, peer, port["port"]


def test_networks_let_through_what_is_needed_and_nothing_else() -> None:
    outward, calls_out = set(), set()
    for component, peer, port in _let_through("egress", "to"):
        if "ipBlock" in peer:
            assert port == 443
            calls_out.add(component)
            continue
        for other in _component(peer):
            assert port == PORTS[other]
            outward.add((component, other))
    assert outward == SPEAKS
    assert calls_out == CALLS_OUT
    inward, from_elsewhere = set(), set()
    for component, peer, port in _let_through("ingress", "from"):
        assert port == PORTS[component]
        if "namespaceSelector" in peer:
            from_elsewhere.add(component)
            continue
        inward |= {(other, component) for other in _component(peer)}
    assert inward == SPEAKS
    assert from_elsewhere == {"triage"}


def test_what_no_policy_names_is_not_let_through() -> None:
    closed = resources("NetworkPolicy")["nothing-else"]["spec"]
    assert closed == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "ask311"}},
        "policyTypes": ["Ingress", "Egress"],
    }
    names = resources("NetworkPolicy")["names"]["spec"]
    assert names["podSelector"] == closed["podSelector"]
    assert {p["port"] for rule in names["egress"] for p in rule["ports"]} == {53}
