package dev.sallyport.model;

/// The version of this build; the same in every part, and held equal to the build file by a test.
public final class ProductVersion {
  /// Without a leading `v`.
  public static final String NUMBER = "1.0.0";

  /// The oldest client that this version's servers speak with: the major version before.
  public static final String MIN_CLIENT = "0.0.0-aa";

  private ProductVersion() {}

  /// What `version` commands print: `Sallyport v1.0.0 java25.0.3`.
  public static String line(String javaVersion) {
    return "Sallyport v" + NUMBER + " java" + javaVersion;
  }
}
