package dev.sallyport.model;

import java.util.List;
import java.util.regex.Pattern;

/// The full name of an IAM role. Two requests mean the same role exactly when their ARNs are equal,
/// so every comparison of database users goes through here.
///
/// @param role the role's name, behind its path if it has one: `Name` or `team/Name`
public record RoleArn(String partition, String accountId, String role) {
  private static final int MAX_PATH_LENGTH = 512;
  private static final int MAX_NAME_LENGTH = 64;
  private static final int ACCOUNT_LENGTH = 12;

  /// IAM allows more; what reads as an ARN or as a wildcard is not taken.
  private static final Pattern PATH_SEGMENT = Pattern.compile("[!-~&&[^/:*?]]{1,512}");

  private static final String ROLE_PREFIX = "role/";

  public RoleArn {
    if (!AwsPartition.isId(partition)) {
      throw new IllegalArgumentException(Quoted.of(partition) + " is not an AWS partition");
    }
    if (!isAccountId(accountId)) {
      throw new IllegalArgumentException(Quoted.of(accountId) + " is not an AWS account ID");
    }
    if (!isRole(role)) {
      throw new IllegalArgumentException(Quoted.of(role) + " is not the name of an IAM role");
    }
  }

  static boolean isAccountId(String text) {
    return text.length() == ACCOUNT_LENGTH && isDigits(text);
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  // These are asked for every request: by loops, since an expression costs as much as the decision.
  private static boolean isName(String text, int from) {
    var length = text.length() - from;
    if (length < 1 || length > MAX_NAME_LENGTH) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      var c = text.charAt(i);
      var plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && "_+=,.@-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /// The role that a database user means at a database: a name (with or without its path and with
  /// or without `role/` in front) means one in the database's account, an ARN must be of that
  /// account and partition.
  public static RoleArn of(String dbUser, Database database) throws InvalidRoleArn {
    var region = database.aws().region();
    return of(dbUser, AwsPartition.ofRegion(region).id(), database.aws().accountId());
  }

  static RoleArn of(String dbUser, String partition, String accountId) throws InvalidRoleArn {
    if (!dbUser.startsWith("arn:")) {
      return named(dbUser, dbUser, partition, accountId);
    }
    var arn = parse(dbUser);
    if (!arn.partition.equals(partition)) {
      throw new InvalidRoleArn(
          "expected AWS partition %s but got %s"
              .formatted(Quoted.of(partition), Quoted.of(arn.partition)));
    }
    if (!arn.accountId.equals(accountId)) {
      throw new InvalidRoleArn(
          "expected AWS account ID %s but got %s"
              .formatted(Quoted.of(accountId), Quoted.of(arn.accountId)));
    }
    return arn;
  }

  /// Reads the ARN of an IAM role in any account.
  public static RoleArn parse(String text) throws InvalidRoleArn {
    var parts = List.of(text.split(":", 6));
    if (parts.size() != 6
        || !parts.get(0).equals("arn")
        || !parts.get(2).equals("iam")
        || !parts.get(3).isEmpty()
        || !parts.get(5).startsWith(ROLE_PREFIX)) {
      throw new InvalidRoleArn(Quoted.of(text) + " is not an AWS IAM role ARN");
    }
    var partition = parts.get(1);
    if (!AwsPartition.isId(partition) || !isAccountId(parts.get(4))) {
      throw new InvalidRoleArn(Quoted.of(text) + " is not an AWS IAM role ARN");
    }
    return named(parts.get(5), text, partition, parts.get(4));
  }

  private static RoleArn named(String name, String asked, String partition, String accountId)
      throws InvalidRoleArn {
    return new RoleArn(partition, accountId, roleOf(name, asked));
  }

  /// The role that a database user means in whatever account, without `role/` in front; the text
  /// must be no ARN.
  public static String roleOf(String dbUser) throws InvalidRoleArn {
    return roleOf(dbUser, dbUser);
  }

  private static String roleOf(String name, String asked) throws InvalidRoleArn {
    var role = name.startsWith(ROLE_PREFIX) ? name.substring(ROLE_PREFIX.length()) : name;
    if (role.isEmpty() || role.endsWith("/")) {
      throw new InvalidRoleArn(Quoted.of(asked) + " is missing AWS IAM role name");
    }
    if (!isRole(role)) {
      throw new InvalidRoleArn(
          Quoted.of(asked)
              + " is not an AWS IAM role (a name has up to 64 letters, digits and any of _+=,.@-)");
    }
    return role;
  }

  private static boolean isRole(String role) {
    var slash = role.lastIndexOf('/');
    if (!isName(role, slash + 1) || slash > MAX_PATH_LENGTH) {
      return false;
    }
    return slash < 0
        || List.of(role.substring(0, slash).split("/", -1)).stream()
            .allMatch(segment -> PATH_SEGMENT.matcher(segment).matches());
  }

  /// The role's name without its path.
  public String name() {
    return role.substring(role.lastIndexOf('/') + 1);
  }

  /// The ARN itself.
  @Override
  public String toString() {
    return "arn:" + partition + ":iam::" + accountId + ":role/" + role;
  }
}
