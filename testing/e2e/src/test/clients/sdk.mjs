// What a program does with the AWS SDK for JavaScript, version 3. It takes nothing but what AWS
// clients read from the environment, or the endpoint; it knows of no tunnel.
//
//   node sdk.mjs everything|changes|denied|patient|plain|large|huge|long [ENDPOINT]
import assert from "node:assert/strict";
import {
  BatchExecuteStatementCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ListTablesCommand,
  paginateListTables,
  PutItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  paginateScan,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

const SONG = { Artist: "Node & the Promises", SongTitle: "Await" };

/// Tells each try and how it went, before the SDK decides whether to try again.
function telling(client) {
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        const answer = await next(request);
        console.log("try: ok");
        return answer;
      } catch (error) {
        console.log(`try: ${error.name}`);
        throw error;
      }
    },
    { step: "deserialize", priority: "high", name: "telling" },
  );
  return client;
}

async function all(pages, of) {
  const found = [];
  let count = 0;
  for await (const page of pages) {
    found.push(...of(page));
    count++;
  }
  return { found, count };
}

async function items(documents) {
  const TableName = "Music";
  await documents.send(new PutCommand({ TableName, Item: { ...SONG, Seconds: 1.5, Tags: new Set(["a", "b"]) } }));
  const got = await documents.send(new GetCommand({ TableName, Key: SONG, ConsistentRead: true }));
  assert.deepEqual(got.Item, { ...SONG, Seconds: 1.5, Tags: new Set(["a", "b"]) });
  const updated = await documents.send(
    new UpdateCommand({
      TableName,
      Key: SONG,
      UpdateExpression: "ADD Seconds :one",
      ExpressionAttributeValues: { ":one": 1 },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  assert.equal(updated.Attributes.Seconds, 2.5);
  await assert.rejects(
    documents.send(
      new PutCommand({ TableName, Item: SONG, ConditionExpression: "attribute_not_exists(Artist)" }),
    ),
    { name: "ConditionalCheckFailedException" },
  );
  await documents.send(new DeleteCommand({ TableName, Key: SONG }));
  assert.equal((await documents.send(new GetCommand({ TableName, Key: SONG }))).Item, undefined);
}

async function large(documents) {
  const TableName = "Music";
  const Text = "x".repeat(399_000);
  await documents.send(new PutCommand({ TableName, Item: { ...SONG, Text } }));
  assert.equal((await documents.send(new GetCommand({ TableName, Key: SONG }))).Item.Text, Text);
  await assert.rejects(documents.send(new PutCommand({ TableName, Item: { ...SONG, Text: Text + Text } })), {
    name: "ValidationException",
  });
  await documents.send(new DeleteCommand({ TableName, Key: SONG }));
}

async function pages(plain, documents) {
  const tables = await all(paginateListTables({ client: plain, pageSize: 1 }, {}), (page) => page.TableNames);
  assert.deepEqual(tables.found, ["Customers", "Music", "Orders"]);
  const songs = await all(
    paginateQuery(
      { client: documents, pageSize: 1 },
      {
        TableName: "Music",
        KeyConditionExpression: "Artist = :artist",
        ExpressionAttributeValues: { ":artist": "Copper & Thread" },
      },
    ),
    (page) => page.Items,
  );
  assert.deepEqual(songs.found.map((song) => song.SongTitle), ["Machine Sunday", "Night Shift Waltz", "Overtime"]);
  assert.ok(songs.count >= 3);
  const orders = await all(
    paginateScan({ client: documents, pageSize: 5 }, { TableName: "Orders" }),
    (page) => page.Items,
  );
  assert.equal(orders.found.length, 24);
  assert.ok(orders.count >= 5);
}

async function batches(documents) {
  const names = ["one", "two", "three"];
  const write = (requests) => documents.send(new BatchWriteCommand({ RequestItems: { Music: requests } }));
  const key = (name) => ({ Artist: "Batch", SongTitle: name });
  await write(names.map((name) => ({ PutRequest: { Item: key(name) } })));
  const got = await documents.send(new BatchGetCommand({ RequestItems: { Music: { Keys: names.map(key) } } }));
  assert.equal(got.Responses.Music.length, 3);
  await write(names.map((name) => ({ DeleteRequest: { Key: key(name) } })));
}

async function transactions(documents) {
  const Item = { Artist: "Transaction", SongTitle: "All" };
  const there = { ConditionCheck: { TableName: "Customers", Key: { CustomerId: "C-1001" }, ConditionExpression: "attribute_exists(CustomerId)" } };
  await documents.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "Music", Item } }, there] }));
  const got = await documents.send(new TransactGetCommand({ TransactItems: [{ Get: { TableName: "Music", Key: Item } }] }));
  assert.deepEqual(got.Responses[0].Item, Item);
  const notThere = structuredClone(there);
  notThere.ConditionCheck.ConditionExpression = "attribute_not_exists(CustomerId)";
  await assert.rejects(
    documents.send(new TransactWriteCommand({ TransactItems: [{ Delete: { TableName: "Music", Key: Item } }, notThere] })),
    (error) =>
      error.name === "TransactionCanceledException" &&
      error.CancellationReasons.map((reason) => reason.Code).join() === "None,ConditionalCheckFailed",
  );
  await documents.send(new DeleteCommand({ TableName: "Music", Key: Item }));
}

async function partiQl(plain) {
  const run = (Statement, ...Parameters) =>
    plain.send(new ExecuteStatementCommand({ Statement, Parameters: Parameters.map((S) => ({ S })) }));
  const found = await run("SELECT \"Name\" FROM \"Customers\" WHERE \"CustomerId\" = ?", "C-1003");
  assert.deepEqual(found.Items, [{ Name: { S: "Aisha Rahman" } }]);
  const both = await plain.send(
    new BatchExecuteStatementCommand({
      Statements: ["C-1001", "C-1002"].map((id) => ({
        Statement: `SELECT "Name" FROM "Customers" WHERE "CustomerId" = '${id}'`,
      })),
    }),
  );
  assert.deepEqual(both.Responses.map((one) => one.Item.Name.S), ["Ines Carvalho", "Tom Becker"]);
}

async function changes(documents) {
  const TableName = "Music";
  await documents.send(new PutCommand({ TableName, Item: { ...SONG, Plays: 2 } }));
  const condition = { ConditionExpression: "Plays > :two", ExpressionAttributeValues: { ":two": 2 } };
  const failed = { name: "ConditionalCheckFailedException" };
  await assert.rejects(
    documents.send(new UpdateCommand({ TableName, Key: SONG, UpdateExpression: "ADD Plays :two", ...condition })),
    failed,
  );
  await assert.rejects(documents.send(new DeleteCommand({ TableName, Key: SONG, ...condition })), failed);
  await documents.send(
    new DeleteCommand({ TableName, Key: SONG, ...condition, ConditionExpression: "Plays = :two" }),
  );
}

async function tables(client) {
  const TableName = "OfNode";
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
  const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
  await client.send(new UpdateTableCommand({ TableName, BillingMode: "PROVISIONED", ProvisionedThroughput }));
  const told = await client.send(new DescribeTableCommand({ TableName }));
  assert.equal(told.Table.ProvisionedThroughput.ReadCapacityUnits, 5);
  await client.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 60 }, { TableName });
  await assert.rejects(client.send(new DescribeTableCommand({ TableName })), { name: "ResourceNotFoundException" });
}

async function streams(client) {
  const listed = await client.send(new ListStreamsCommand({ TableName: "Orders" }));
  assert.equal(listed.Streams.length, 1);
  const { StreamArn } = listed.Streams[0];
  const described = await client.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId: described.StreamDescription.Shards[0].ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 3 }));
  assert.equal(Records[0].eventName, "INSERT");
  assert.match(Records[0].dynamodb.Keys.OrderId.S, /^O-2/);
}

/// Sends a request that fails: a plain one, or one with a large body or a long head.
async function told(client) {
  if (what === "long") {
    client.middlewareStack.add(
      (next) => (request) => {
        request.request.headers["x-long"] = "l".repeat(17_000);
        return next(request);
      },
      { step: "build", name: "long" },
    );
  }
  const mebibytes = { large: 3, huge: 18 }[what];
  const failing = mebibytes
    ? new PutItemCommand({ TableName: "Music", Item: { Text: { S: "x".repeat(mebibytes << 20) } } })
    : new ListTablesCommand({});
  await assert.rejects(client.send(failing), (error) => {
    console.log(`told ${error.name}`);
    return true;
  });
}

const [, , what, endpoint] = process.argv;
const plain = telling(new DynamoDBClient({ endpoint, maxAttempts: what === "patient" ? 20 : 3 }));
switch (what) {
  case "everything": {
    const documents = DynamoDBDocumentClient.from(plain);
    await items(documents);
    await large(documents);
    await pages(plain, documents);
    await batches(documents);
    await transactions(documents);
    await partiQl(plain);
    await streams(telling(new DynamoDBStreamsClient({ endpoint })));
    break;
  }
  case "changes":
    await changes(DynamoDBDocumentClient.from(plain));
    await tables(plain);
    break;
  case "denied":
    await assert.rejects(plain.send(new ListTablesCommand({})), (error) => {
      console.log(`told: ${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`);
      return error.name === "AccessDeniedException" && error.$metadata.attempts === 1;
    });
    break;
  case "patient": {
    const { TableNames } = await plain.send(new ListTablesCommand({}));
    assert.equal(TableNames.length, 3);
    break;
  }
  case "plain":
  case "large":
  case "huge":
  case "long":
    await told(plain);
    break;
  default:
    throw new Error(`${what} (expected: everything, changes, denied, patient, plain, large, huge or long)`);
}
console.log("done");
