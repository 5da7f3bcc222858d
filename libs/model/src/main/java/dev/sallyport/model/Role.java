package dev.sallyport.model;

import java.util.Objects;

/// What its holders may do. Nothing is allowed that no role allows; what one denies, none can
/// allow.
///
/// @param version of the document form, such as `v7`
public record Role(
    Metadata metadata,
    String version,
    RoleOptions options,
    RoleConditions allow,
    RoleConditions deny)
    implements Resource {
  /// The form in which new roles are written.
  public static final String CURRENT_VERSION = "v7";

  public Role {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(allow, "allow");
    Objects.requireNonNull(deny, "deny");
  }

  public String name() {
    return metadata.name();
  }

  @Override
  public Kind kind() {
    return Kind.ROLE;
  }

  @Override
  public Role withMetadata(Metadata newMetadata) {
    return new Role(newMetadata, version, options, allow, deny);
  }
}
