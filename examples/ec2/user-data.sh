#!/bin/sh
# User data of an EC2 instance that becomes a Database Service at its first boot. It joins by the role
# of the instance (join method iam): no secret is in here, nor on the way. Set the first of these two;
# the second is the name in token.yaml.
set -eu
proxy=teleport.example.com:443
token=aws-agents

export HOME="${HOME:-/root}"
metadata=http://169.254.169.254/latest
session=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
region=$(curl -sf -H "X-aws-ec2-metadata-token: $session" "$metadata/meta-data/placement/region")

script=$(mktemp)
curl --proto '=https' -sSf -o "$script" "https://$proxy/scripts/install.sh"
sh "$script"
rm -f "$script"

# It serves databases of the cluster with this label; see 'tctl create' and docs/operations.md.
umask 077
teleport db configure create --output=/etc/teleport.yaml --proxy="$proxy" \
  --join-method=iam --token="$token" --dynamic-resources-labels="region=$region"
printf 'AWS_REGION=%s\n' "$region" >/etc/default/teleport
teleport install systemd --output=/etc/systemd/system/teleport.service
systemctl daemon-reload
systemctl enable --now teleport
