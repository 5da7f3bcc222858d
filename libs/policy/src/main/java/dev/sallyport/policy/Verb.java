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
  USE("use");

  private final String wireName;

  Verb(String wireName) {
    this.wireName = wireName;
  }

  /// The spelling in rules and messages.
  public String wireName() {
    return wireName;
  }
}
