package dev.sallyport.policy;

/// What can be done with resources, as rules spell it.
public enum Verb {
  LIST("list"),
  CREATE("create"),
  READ("read"),
  READ_NO_SECRETS("readnosecrets"),
  UPDATE("update"),
  DELETE("delete"),
  ROTATE("rotate"),
  USE("use"),
  CREATE_ENROLL_TOKEN("create_enroll_token"),
  ENROLL("enroll");

  private final String wireName;

  Verb(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in rules and messages.
  public String wireName() {
    return wireName;
  }
}
