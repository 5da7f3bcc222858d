#!/bin/sh
# What somebody does with the AWS CLI, version 1 or 2, who knows of no tunnel.
#
#   aws_cli.sh COMMAND everything|changes|denied|patient|plain|large|huge|long ENDPOINT
set -eu
aws=$1
what=$2
endpoint=$3

service() {
  "$aws" "$@" --endpoint-url "$endpoint" --output text
}

db() {
  service dynamodb "$@"
}

# same WANTED FOUND: the words are the same, whatever stands between them.
same() {
  found=$(printf '%s' "$2" | tr -s '[:space:]' ' ')
  if [ "$1" != "$found" ]; then
    echo "expected: $1, found: $found" >&2
    exit 1
  fi
}

# fails WORD COMMAND...: it fails, and says so.
fails() {
  word=$1
  shift
  if "$@" >"$HOME/out" 2>"$HOME/err"; then
    echo "the call went well, without $word" >&2
    exit 1
  fi
  grep -q "$word" "$HOME/err" || {
    cat "$HOME/err" >&2
    exit 1
  }
}

# told COMMAND...: it fails, and prints how.
told() {
  if "$@" >/dev/null 2>"$HOME/err.$$"; then
    echo "the call went well" >&2
    exit 1
  fi
  sed -n 's/.*An error occurred (\([A-Za-z]*\)).*/told \1/p' "$HOME/err.$$"
  cat "$HOME/err.$$" >&2
}

too_large() {
  {
    printf '{"Text":{"S":"'
    head -c "$1" /dev/zero | tr '\0' x
    printf '"}}'
  } >"$HOME/too-large.$1"
  told db put-item --table-name Music --item "file://$HOME/too-large.$1"
}

items() {
  song='{"Artist":{"S":"Shell"},"SongTitle":{"S":"Pipe"}}'
  db put-item --table-name Music --item '{"Artist":{"S":"Shell"},"SongTitle":{"S":"Pipe"},"Seconds":{"N":"1.5"}}'
  same 1.5 "$(db get-item --table-name Music --key "$song" --consistent-read --query Item.Seconds.N)"
  fails '(ConditionalCheckFailedException)' db put-item --table-name Music --item "$song" \
    --condition-expression 'attribute_not_exists(Artist)'
  large=$(head -c 399000 /dev/zero | tr '\0' x)
  printf '{"Artist":{"S":"Shell"},"SongTitle":{"S":"Pipe"},"Text":{"S":"%s"}}' "$large" >"$HOME/large.json"
  db put-item --table-name Music --item "file://$HOME/large.json"
  test "$large" = "$(db get-item --table-name Music --key "$song" --query Item.Text.S)"
}

pages() {
  same 'Machine Sunday Night Shift Waltz Overtime' "$(db query --table-name Music --page-size 1 \
    --key-condition-expression 'Artist = :a' --expression-attribute-values '{":a":{"S":"Copper & Thread"}}' \
    --query 'Items[].SongTitle.S')"
  db scan --table-name Orders --page-size 5 --query 'Items[].OrderId.S' >"$HOME/orders"
  same 24 "$(wc -w <"$HOME/orders")"
}

several() {
  db batch-write-item --request-items '{"Music":[
    {"PutRequest":{"Item":{"Artist":{"S":"Shell"},"SongTitle":{"S":"one"}}}},
    {"DeleteRequest":{"Key":{"Artist":{"S":"Shell"},"SongTitle":{"S":"Pipe"}}}}]}' >"$HOME/out"
  same one "$(db batch-get-item --query 'Responses.Music[].SongTitle.S' --request-items '{"Music":{"Keys":[
    {"Artist":{"S":"Shell"},"SongTitle":{"S":"one"}}, {"Artist":{"S":"Shell"},"SongTitle":{"S":"Pipe"}}]}}')"
  one='{"TableName":"Music","Key":{"Artist":{"S":"Shell"},"SongTitle":{"S":"one"}}}'
  same one "$(db transact-get-items --transact-items "[{\"Get\":$one}]" --query 'Responses[].Item.SongTitle.S')"
  db transact-write-items --transact-items "[{\"Delete\":$one}]"
  same 'Aisha Rahman' "$(db execute-statement --query 'Items[].Name.S' \
    --statement "SELECT \"Name\" FROM \"Customers\" WHERE \"CustomerId\" = 'C-1003'")"
}

changes() {
  song='{"Artist":{"S":"Shell"},"SongTitle":{"S":"Counted"}}'
  same 2 "$(db update-item --table-name Music --key "$song" --update-expression 'SET Plays = :n' \
    --expression-attribute-values '{":n":{"N":"2"}}' --return-values UPDATED_NEW --query Attributes.Plays.N)"
  fails '(ConditionalCheckFailedException)' db delete-item --table-name Music --key "$song" \
    --condition-expression 'Plays > :n' --expression-attribute-values '{":n":{"N":"2"}}'
  db delete-item --table-name Music --key "$song"
  fails '(TransactionCanceledException)' db transact-write-items --transact-items \
    "[{\"ConditionCheck\":{\"TableName\":\"Music\",\"Key\":$song,\"ConditionExpression\":\"attribute_exists(Artist)\"}}]"
  same 'Aisha Rahman' "$(db batch-execute-statement --query 'Responses[].Item.Name.S' --statements \
    '[{"Statement":"SELECT \"Name\" FROM \"Customers\" WHERE \"CustomerId\" = '"'C-1003'"'"}]')"
}

tables() {
  table=Shell$$
  db create-table --table-name "$table" --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=Id,AttributeType=S --key-schema AttributeName=Id,KeyType=HASH >"$HOME/out"
  db wait table-exists --table-name "$table"
  db update-table --table-name "$table" --billing-mode PROVISIONED \
    --provisioned-throughput ReadCapacityUnits=5,WriteCapacityUnits=5 >"$HOME/out"
  same 5 "$(db describe-table --table-name "$table" --query Table.ProvisionedThroughput.ReadCapacityUnits)"
  same true "$(db update-time-to-live --table-name "$table" \
    --time-to-live-specification Enabled=true,AttributeName=Ends --query TimeToLiveSpecification.Enabled |
    tr '[:upper:]' '[:lower:]')"
  db delete-table --table-name "$table" >"$HOME/out"
  fails '(ResourceNotFoundException)' db describe-table --table-name "$table"
}

dax() {
  same shelf "$(service dax describe-clusters --query 'Clusters[].ClusterName')"
}

streams() {
  stream=$(service dynamodbstreams list-streams --table-name Orders --query 'Streams[0].StreamArn')
  shard=$(service dynamodbstreams describe-stream --stream-arn "$stream" \
    --query 'StreamDescription.Shards[0].ShardId')
  start=$(service dynamodbstreams get-shard-iterator --stream-arn "$stream" --shard-id "$shard" \
    --shard-iterator-type TRIM_HORIZON --query ShardIterator)
  same INSERT "$(service dynamodbstreams get-records --shard-iterator "$start" --limit 1 \
    --query 'Records[].eventName')"
}

case $what in
  everything)
    items
    pages
    several
    streams
    ;;
  changes)
    changes
    tables
    dax
    ;;
  patient) same 'Customers Music Orders' "$(db list-tables --query TableNames)" ;;
  denied) fails '(AccessDeniedException)' db list-tables ;;
  plain) told db list-tables ;;
  large) too_large 3000000 ;;
  huge) too_large 18000000 ;;
  long)
    # It stands in the header User-Agent.
    AWS_EXECUTION_ENV=$(head -c 17000 /dev/zero | tr '\0' l)
    export AWS_EXECUTION_ENV
    told db list-tables
    ;;
  *)
    echo "$what (expected: everything, changes, denied, patient, plain, large, huge or long)" >&2
    exit 2
    ;;
esac
echo "done"
