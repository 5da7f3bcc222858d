# What a program does with boto3. It takes nothing but the endpoint; it knows of no tunnel.
#
#   python3 boto3_program.py everything|changes|denied|patient|plain|large|huge|long ENDPOINT
import sys

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

what, endpoint = sys.argv[1:]
client = boto3.client("dynamodb", endpoint_url=endpoint)
documents = boto3.resource("dynamodb", endpoint_url=endpoint)
music = documents.Table("Music")
SONG = {"Artist": "Python & the Generators", "SongTitle": "Yield"}


def failing(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response
    raise AssertionError("the call went well")


def items():
    music.put_item(Item={**SONG, "Seconds": 1, "Tags": {"a", "b"}})
    assert music.get_item(Key=SONG, ConsistentRead=True)["Item"] == {**SONG, "Seconds": 1, "Tags": {"a", "b"}}
    changed = music.update_item(
        Key=SONG,
        UpdateExpression="ADD Seconds :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    assert changed["Attributes"]["Seconds"] == 2
    told = failing(music.put_item, Item=SONG, ConditionExpression="attribute_not_exists(Artist)")
    assert told["Error"] == {
        "Code": "ConditionalCheckFailedException",
        "Message": "The conditional request failed",
    }, told
    assert told["ResponseMetadata"]["RetryAttempts"] == 0
    music.delete_item(Key=SONG)
    assert "Item" not in music.get_item(Key=SONG)


def large():
    text = "x" * 399_000
    music.put_item(Item={**SONG, "Text": text})
    assert music.get_item(Key=SONG)["Item"]["Text"] == text
    told = failing(music.put_item, Item={**SONG, "Text": text + text})
    assert told["Error"]["Code"] == "ValidationException", told
    music.delete_item(Key=SONG)


def pages():
    found = [name for page in client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1})
             for name in page["TableNames"]]
    assert found == ["Customers", "Music", "Orders"], found
    songs = music.query(KeyConditionExpression=Key("Artist").eq("Copper & Thread"))["Items"]
    assert [song["SongTitle"] for song in songs] == ["Machine Sunday", "Night Shift Waltz", "Overtime"]
    scans = list(client.get_paginator("scan").paginate(TableName="Orders", PaginationConfig={"PageSize": 5}))
    assert len(scans) >= 5 and sum(scan["Count"] for scan in scans) == 24


def batches():
    keys = [{"Artist": "Batch of boto3", "SongTitle": name} for name in ("one", "two", "three")]
    with music.batch_writer() as batch:
        for key in keys:
            batch.put_item(Item=key)
    got = documents.batch_get_item(RequestItems={"Music": {"Keys": keys}})
    assert len(got["Responses"]["Music"]) == 3
    with music.batch_writer() as batch:
        for key in keys:
            batch.delete_item(Key=key)


def transactions():
    item = {"Artist": {"S": "Transaction of boto3"}, "SongTitle": {"S": "All"}}
    check = {"TableName": "Customers", "Key": {"CustomerId": {"S": "C-1001"}}}
    there = {"ConditionCheck": {**check, "ConditionExpression": "attribute_exists(CustomerId)"}}
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "Music", "Item": item}}, there])
    got = client.transact_get_items(TransactItems=[{"Get": {"TableName": "Music", "Key": item}}])
    assert got["Responses"][0]["Item"] == item
    gone = {"ConditionCheck": {**check, "ConditionExpression": "attribute_not_exists(CustomerId)"}}
    delete = {"Delete": {"TableName": "Music", "Key": item}}
    told = failing(client.transact_write_items, TransactItems=[delete, gone])
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["None", "ConditionalCheckFailed"], told
    client.transact_write_items(TransactItems=[delete])


def partiql():
    name = 'SELECT "Name" FROM "Customers" WHERE "CustomerId" = ?'
    found = client.execute_statement(Statement=name, Parameters=[{"S": "C-1003"}])
    assert found["Items"] == [{"Name": {"S": "Aisha Rahman"}}]
    both = client.batch_execute_statement(
        Statements=[{"Statement": name, "Parameters": [{"S": one}]} for one in ("C-1001", "C-1002")]
    )
    assert [one["Item"]["Name"]["S"] for one in both["Responses"]] == ["Ines Carvalho", "Tom Becker"]


def streams():
    changes = boto3.client("dynamodbstreams", endpoint_url=endpoint)
    (stream,) = changes.list_streams(TableName="Orders")["Streams"]
    arn = stream["StreamArn"]
    shard = changes.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = changes.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = changes.get_records(ShardIterator=start["ShardIterator"], Limit=3)["Records"]
    assert records[0]["eventName"] == "INSERT" and records[0]["dynamodb"]["Keys"]["OrderId"]["S"].startswith("O-2")


def changes():
    music.put_item(Item={**SONG, "Plays": 2})
    more = {":two": 2}
    told = failing(
        music.update_item,
        Key=SONG,
        UpdateExpression="ADD Plays :two",
        ConditionExpression="Plays > :two",
        ExpressionAttributeValues=more,
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert told["Error"]["Code"] == "ConditionalCheckFailedException" and told["Item"]["Plays"] == {"N": "2"}, told
    told = failing(
        music.delete_item, Key=SONG, ConditionExpression="Plays > :two", ExpressionAttributeValues=more
    )
    assert told["Error"]["Code"] == "ConditionalCheckFailedException", told
    music.delete_item(Key=SONG, ConditionExpression="Plays = :two", ExpressionAttributeValues=more)


def tables():
    table = documents.create_table(
        TableName="OfBoto3",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
    )
    table.wait_until_exists()
    table.update(
        BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    )
    told = client.describe_table(TableName="OfBoto3")["Table"]
    assert told["ProvisionedThroughput"]["ReadCapacityUnits"] == 5, told
    table.delete()
    table.wait_until_not_exists()
    told = failing(client.describe_table, TableName="OfBoto3")
    assert told["Error"]["Code"] == "ResourceNotFoundException", told


def dax():
    clusters = boto3.client("dax", endpoint_url=endpoint).describe_clusters()["Clusters"]
    assert [one["ClusterName"] for one in clusters] == ["shelf"], clusters


if what == "everything":
    for each in (items, large, pages, batches, transactions, partiql, streams):
        each()
elif what == "changes":
    for each in (changes, tables, dax):
        each()
elif what == "patient":
    assert len(client.list_tables()["TableNames"]) == 3
elif what == "denied":
    told = failing(client.list_tables)
    assert told["Error"]["Code"] == "AccessDeniedException", told
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 400, told
elif what == "plain":
    print("told", failing(client.list_tables)["Error"]["Code"])
elif what in ("large", "huge"):
    text = "x" * ((3 if what == "large" else 18) << 20)
    print("told", failing(client.put_item, TableName="Music", Item={"Text": {"S": text}})["Error"]["Code"])
elif what == "long":
    client.meta.events.register(
        "before-sign.dynamodb.*", lambda request, **_: request.headers.add_header("X-Long", "l" * 17_000)
    )
    print("told", failing(client.list_tables)["Error"]["Code"])
else:
    raise SystemExit(what + " (expected: everything, changes, denied, patient, plain, large, huge or long)")
print("done")
