"""Reads what a collector was sent, by OpenTelemetry's own definitions of it, and tells of each span and each metric.

The argument is a folder of bodies, as `traces-1.protobuf`, `metrics-2.json`, each as it came.
"""

import gzip
import json
import pathlib
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def message(path):
    body = path.read_bytes()
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    found = ExportTraceServiceRequest() if path.name.startswith("traces") else ExportMetricsServiceRequest()
    if path.suffix == ".protobuf":
        found.ParseFromString(body)
        return found
    # OTLP's JSON has ids as hex digits, where that of Protocol Buffers has base64.
    return json_format.ParseDict(with_base64(json.loads(body)), found)


def with_base64(value):
    import base64

    if isinstance(value, list):
        return [with_base64(element) for element in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        name: base64.b64encode(bytes.fromhex(member)).decode() if name in ids else with_base64(member)
        for name, member in value.items()
    }


def attributes(found):
    told = {}
    for attribute in found:
        value = attribute.value
        kind = value.WhichOneof("value")
        if kind == "array_value":
            told[attribute.key] = [element.string_value for element in value.array_value.values]
        else:
            told[attribute.key] = getattr(value, kind)
    return told


def tell(check, **members):
    print(json.dumps({"check": check, **members}))


def spans(request):
    for resource in request.resource_spans:
        tell("resource", **attributes(resource.resource.attributes))
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield span


def points(metric):
    data = getattr(metric, metric.WhichOneof("data"))
    for point in data.data_points:
        labels = attributes(point.attributes)
        if metric.HasField("histogram"):
            assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
            assert sum(point.bucket_counts) == point.count
            yield {"labels": labels, "value": point.count}
        else:
            yield {"labels": labels, "value": getattr(point, point.WhichOneof("value"))}


seen = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    request = message(path)
    if path.name.startswith("metrics"):
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    data = getattr(metric, metric.WhichOneof("data"))
                    tell(
                        metric.name,
                        kind=metric.WhichOneof("data"),
                        unit=metric.unit,
                        temporality=getattr(data, "aggregation_temporality", 0),
                        points=list(points(metric)),
                    )
        continue
    for span in spans(request):
        name = span.span_id.hex()
        seen[name] = seen.get(name, 0) + 1
        tell(
            name,
            trace=span.trace_id.hex(),
            parent=span.parent_span_id.hex(),
            state=span.trace_state,
            name=span.name,
            kind=span.kind,
            milliseconds=(span.end_time_unix_nano - span.start_time_unix_nano) // 1_000_000,
            attributes=attributes(span.attributes),
            links=[{"trace": link.trace_id.hex(), "span": link.span_id.hex()} for link in span.links],
            error=span.status.code == 2,
            times=seen[name],
        )
