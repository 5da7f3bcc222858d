package dev.sallyport.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who calls AWS, as STS names it: the parts of an ARN such as
/// `arn:aws:sts::123456789012:assumed-role/app/i-0abc`.
///
/// The ARN of a role's session has the role's name but not its path, so roles of one name and
/// different paths can't be told apart by it.
///
/// @param partition such as `aws`
/// @param service `iam` or `sts`
/// @param account twelve digits
/// @param resource the parts between slashes; the first is the kind, such as `assumed-role`
public record AwsPrincipal(
    String partition, String service, String account, List<String> resource) {
  /// The longest ARN that AWS gives.
  static final int LENGTH_MAX = 2_048;

  private static final Pattern ARN =
      Pattern.compile("arn:([a-z-]{1,32}):(iam|sts)::([0-9]{12}):([!-~&&[^:]]+)");

  /// Copies the list.
  public AwsPrincipal {
    resource = List.copyOf(resource);
  }

  /// The parts of an ARN; none if it is not the ARN of a caller.
  public static Optional<AwsPrincipal> parse(String arn) {
    if (arn.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    var parts = ARN.matcher(arn);
    if (!parts.matches() || !AwsPartition.isId(parts.group(1))) {
      return Optional.empty();
    }
    var resource = List.of(parts.group(4).split("/", -1));
    if (resource.stream().anyMatch(String::isEmpty) || !Kind.fits(parts.group(2), resource)) {
      return Optional.empty();
    }
    return Optional.of(new AwsPrincipal(parts.group(1), parts.group(2), parts.group(3), resource));
  }

  /// The kinds of callers there are, and how many parts their ARNs have.
  enum Kind {
    ROLE_SESSION("sts", "assumed-role", 3, 3),
    FEDERATED_USER("sts", "federated-user", 2, 2),
    USER("iam", "user", 2, Integer.MAX_VALUE),
    ROOT("iam", "root", 1, 1);

    private final String service;
    private final String word;
    private final int partsMin;
    private final int partsMax;

    Kind(String service, String word, int partsMin, int partsMax) {
      this.service = service;
      this.word = word;
      this.partsMin = partsMin;
      this.partsMax = partsMax;
    }

    static boolean fits(String service, List<String> resource) {
      for (var kind : values()) {
        if (kind.service.equals(service)
            && kind.word.equals(resource.getFirst())
            && resource.size() >= kind.partsMin
            && resource.size() <= kind.partsMax) {
          return true;
        }
      }
      return false;
    }
  }

  /// The ARN.
  public String arn() {
    return "arn:%s:%s::%s:%s".formatted(partition, service, account, String.join("/", resource));
  }
}
