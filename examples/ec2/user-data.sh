#!/bin/sh
# User data of an EC2 instance that becomes a Database Service at its first boot. The join token is in
# the Parameter Store, as a SecureString that the instance's role may read; so it is neither in the
# instance's user data nor in Terraform's state. Set these two:
set -eu
proxy=teleport.example.com:443
parameter=/teleport/join-token

export HOME="${HOME:-/root}"
metadata=http://169.254.169.254/latest
session=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
region=$(curl -sf -H "X-aws-ec2-metadata-token: $session" "$metadata/meta-data/placement/region")

script=$(mktemp)
curl --proto '=https' -sSf -o "$script" "https://$proxy/scripts/install.sh"
sh "$script"
rm -f "$script"

umask 077
mkdir -p /var/lib/teleport
aws ssm get-parameter --region "$region" --name "$parameter" --with-decryption \
  --query Parameter.Value --output text >/var/lib/teleport/join-token

# It serves databases of the cluster with this label; see 'tctl create' and docs/operations.md.
teleport db configure create --output=file --proxy="$proxy" --token=/var/lib/teleport/join-token \
  --dynamic-resources-labels="region=$region"
printf 'AWS_REGION=%s\n' "$region" >/etc/default/teleport
teleport install systemd --output=file
systemctl daemon-reload
systemctl enable --now teleport
