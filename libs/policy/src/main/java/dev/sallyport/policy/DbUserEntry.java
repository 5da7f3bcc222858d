package dev.sallyport.policy;

import dev.sallyport.model.InvalidRoleArn;
import dev.sallyport.model.RoleArn;
import dev.sallyport.policy.language.TraitTemplate;

/// One entry of a role's `db_users`, read once.
sealed interface DbUserEntry {
  String STAR = "*";

  /// Whether a role that allows this allows the IAM role.
  boolean allows(RoleArn asked);

  /// Whether a role that denies this denies the IAM role. A denial goes further: names of IAM roles
  /// are unique in an account, whatever their path and case, so it also hits the same name with
  /// another path or in another case.
  boolean denies(RoleArn asked);

  /// `*`: whoever.
  record Any() implements DbUserEntry {
    @Override
    public boolean allows(RoleArn asked) {
      return true;
    }

    @Override
    public boolean denies(RoleArn asked) {
      return true;
    }
  }

  /// `Name`, `role/Name`, `path/Name`: a role of the account of whatever database is asked for.
  record Named(String role, String name) implements DbUserEntry {
    @Override
    public boolean allows(RoleArn asked) {
      return role.equals(asked.role());
    }

    @Override
    public boolean denies(RoleArn asked) {
      return name.equalsIgnoreCase(asked.name());
    }
  }

  /// A role of one account.
  record Arn(RoleArn arn) implements DbUserEntry {
    @Override
    public boolean allows(RoleArn asked) {
      return arn.equals(asked);
    }

    @Override
    public boolean denies(RoleArn asked) {
      return arn.accountId().equals(asked.accountId())
          && arn.partition().equals(asked.partition())
          && arn.name().equalsIgnoreCase(asked.name());
    }
  }

  /// What names no IAM role, so that nobody can ask for it.
  record Nobody() implements DbUserEntry {
    @Override
    public boolean allows(RoleArn asked) {
      return false;
    }

    @Override
    public boolean denies(RoleArn asked) {
      return false;
    }
  }

  /// Reads a name that stands for itself.
  static DbUserEntry of(String text) {
    if (text.equals(STAR)) {
      return new Any();
    }
    try {
      if (text.startsWith("arn:")) {
        return new Arn(RoleArn.parse(text));
      }
      var role = RoleArn.roleOf(text);
      return new Named(role, role.substring(role.lastIndexOf('/') + 1));
    } catch (InvalidRoleArn e) {
      return new Nobody();
    }
  }

  /// An entry as it was written: a name that stands for itself, or a template.
  record Written(String text, TraitTemplate template, DbUserEntry plain) {
    static Written of(String text) {
      var template = TraitTemplate.parse(text);
      return new Written(
          text, template, template instanceof TraitTemplate.Plain ? DbUserEntry.of(text) : NOBODY);
    }

    private static final DbUserEntry NOBODY = new Nobody();
  }
}
