package dev.sallyport.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which callers of AWS are meant: an ARN in whose names `*` stands for any run of characters and
/// `?` for one. It is compared part by part: nothing but the names between slashes may hold
/// wildcards, and none of them reaches over a slash.
///
/// @param partition such as `aws`
/// @param service `iam` or `sts`
/// @param account twelve digits; absent where the pattern has `*`, so that something else must say
///   which
/// @param resource the parts between slashes; the first is the kind
public record AwsPrincipalPattern(
    String partition, String service, Optional<String> account, List<String> resource) {
  private static final Pattern ARN =
      Pattern.compile("arn:([^:]*):([^:]*):([^:]*):([^:]*):([!-~&&[^:]]+)");
  private static final Pattern ROLE =
      Pattern.compile("arn:[^:]*:iam::[^:]*:role/(?:[!-~]*/)?([!-~&&[^/]]+)");

  /// Copies the list.
  public AwsPrincipalPattern {
    resource = List.copyOf(resource);
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException with what is wrong, for people
  public static AwsPrincipalPattern parse(String text) {
    var role = ROLE.matcher(text);
    if (role.matches()) {
      throw wrong(
          text,
          "is the ARN of a role; its sessions, which join, have"
              + " arn:aws:sts::ACCOUNT:assumed-role/"
              + role.group(1)
              + "/SESSION");
    }
    var parts = ARN.matcher(text);
    if (text.length() > AwsPrincipal.LENGTH_MAX || !parts.matches()) {
      throw wrong(text, "(expected: like arn:aws:sts::123456789012:assumed-role/ROLE/SESSION)");
    }
    var account = parts.group(4);
    if (!AwsPartition.isId(parts.group(1))) {
      throw wrong(text, "names no partition of AWS, such as aws or aws-cn");
    }
    if (!parts.group(3).isEmpty()) {
      throw wrong(text, "has a region, and callers of AWS have none");
    }
    if (!account.equals("*") && !account.matches("[0-9]{12}")) {
      throw wrong(text, "has no account of 12 digits, nor \"*\" in its place");
    }
    var resource = List.of(parts.group(5).split("/", -1));
    if (resource.stream().anyMatch(String::isEmpty)
        || !AwsPrincipal.Kind.fits(parts.group(2), resource)) {
      throw wrong(
          text,
          "(expected to end in: sts::ACCOUNT:assumed-role/ROLE/SESSION,"
              + " sts::ACCOUNT:federated-user/NAME, iam::ACCOUNT:user/NAME or iam::ACCOUNT:root;"
              + " a \"*\" does not reach over a slash)");
    }
    return new AwsPrincipalPattern(
        parts.group(1),
        parts.group(2),
        Optional.of(account).filter(one -> !one.equals("*")),
        resource);
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException("aws_arn: " + Quoted.of(text) + " " + why);
  }

  /// Whether the caller is meant.
  public boolean matches(AwsPrincipal caller) {
    if (!partition.equals(caller.partition())
        || !service.equals(caller.service())
        || account.filter(one -> !one.equals(caller.account())).isPresent()
        || resource.size() != caller.resource().size()
        || !resource.getFirst().equals(caller.resource().getFirst())) {
      return false;
    }
    for (var i = 1; i < resource.size(); i++) {
      if (!nameMatches(resource.get(i), caller.resource().get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Goes back to the last `*` only, so it takes no more steps than one length times the other.
  private static boolean nameMatches(String pattern, String name) {
    var p = 0;
    var n = 0;
    var star = -1;
    var resume = 0;
    while (n < name.length()) {
      var c = p < pattern.length() ? pattern.charAt(p) : '\0';
      if (c == '*') {
        star = p++;
        resume = n;
      } else if (c == '?' || c == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /// The pattern as it is written.
  public String text() {
    return "arn:%s:%s::%s:%s"
        .formatted(partition, service, account.orElse("*"), String.join("/", resource));
  }
}
