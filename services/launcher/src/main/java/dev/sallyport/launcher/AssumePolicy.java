package dev.sallyport.launcher;

import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.RoleArn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The IAM policy of a Database Service: it may assume the roles of users, and nothing else.
///
/// @param roles at least one, each once
record AssumePolicy(List<RoleArn> roles) {
  AssumePolicy {
    roles = List.copyOf(new LinkedHashSet<>(roles));
  }

  /// Of roles as a flag names them.
  ///
  /// @param names ARNs, or names in the account of `own`
  /// @param own the role or user that gets the policy, if its ARN is known
  static AssumePolicy of(List<String> names, Optional<Own> own) throws StartFailure {
    var roles = new ArrayList<RoleArn>();
    for (var name : names) {
      roles.add(role(name.strip(), own));
    }
    if (roles.isEmpty()) {
      throw new StartFailure(
          "--assumes-roles is required for dynamodb: name the IAM roles that users may ask for");
    }
    return new AssumePolicy(roles);
  }

  private static RoleArn role(String name, Optional<Own> own) throws StartFailure {
    try {
      if (name.startsWith("arn:")) {
        return RoleArn.parse(name);
      }
      var role = RoleArn.roleOf(name);
      if (own.isEmpty()) {
        throw new StartFailure(
            ("--assumes-roles: the account of role %s is not known; give the role's ARN, or that of"
                    + " --role or --user")
                .formatted(name));
      }
      return new RoleArn(own.get().partition(), own.get().accountId(), role);
    } catch (InvalidRoleArn e) {
      throw new StartFailure("--assumes-roles: " + e.getMessage(), e);
    }
  }

  /// Whose policy it is.
  record Own(String partition, String accountId) {
    /// Of an ARN of a role or user; nothing for a bare name.
    static Optional<Own> of(String arnOrName) throws StartFailure {
      if (!arnOrName.startsWith("arn:")) {
        return Optional.empty();
      }
      var parts = List.of(arnOrName.split(":", 6));
      if (parts.size() == 6
          && parts.get(2).equals("iam")
          && (parts.get(5).startsWith("role/") || parts.get(5).startsWith("user/"))) {
        try {
          var probe = new RoleArn(parts.get(1), parts.get(4), "probe");
          return Optional.of(new Own(probe.partition(), probe.accountId()));
        } catch (IllegalArgumentException e) {
          throw new StartFailure(arnOrName + " is no ARN of an IAM role or user", e);
        }
      }
      throw new StartFailure(arnOrName + " is no ARN of an IAM role or user");
    }
  }

  /// The policy document.
  String json() {
    // An ARN holds nothing that JSON would escape but what a path may have.
    var resources =
        roles.stream()
            .map(RoleArn::toString)
            .map(arn -> arn.replace("\\", "\\\\").replace("\"", "\\\""))
            .map(arn -> "        \"" + arn + "\"")
            .collect(Collectors.joining(",\n"));
    return """
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "sts:AssumeRole"
          ],
          "Resource": [
    %s
          ]
        }
      ]
    }
    """
        .formatted(resources.indent(0).stripTrailing());
  }
}
