# A Database Service in AWS: an instance with the role TeleportDatabaseService, which may assume the
# roles of users, and nothing else. By that role it joins, so there is no secret here or in the state.
# Let the cluster know first: terraform output -raw join_token >token.yaml, tctl create -f token.yaml.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "ami" {
  description = "An image of Linux on x86-64 with systemd and curl."
  type        = string
}

variable "subnet_id" {
  description = "A subnet with a way out to the Proxy and to AWS. Nothing comes in."
  type        = string
}

variable "user_roles" {
  description = "ARNs of the IAM roles that users may ask for."
  type        = list(string)
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# As 'teleport db configure aws print-iam --types dynamodb' prints it.
data "aws_iam_policy_document" "access" {
  statement {
    actions   = ["sts:AssumeRole"]
    resources = var.user_roles
  }
}

resource "aws_iam_role" "agent" {
  name               = "TeleportDatabaseService"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "access" {
  name   = "DatabaseAccess"
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.access.json
}

resource "aws_iam_instance_profile" "agent" {
  name = aws_iam_role.agent.name
  role = aws_iam_role.agent.name
}

resource "aws_instance" "agent" {
  ami                  = var.ami
  instance_type        = "t3.small"
  subnet_id            = var.subnet_id
  iam_instance_profile = aws_iam_instance_profile.agent.name
  user_data            = file("${path.module}/user-data.sh")

  metadata_options {
    http_tokens = "required"
  }

  tags = {
    Name = "teleport-database"
  }
}

output "join_token" {
  description = "The token of token.yaml for this account: lets instances with the role join."
  value       = replace(file("${path.module}/token.yaml"), "123456789012", data.aws_caller_identity.current.account_id)
}
