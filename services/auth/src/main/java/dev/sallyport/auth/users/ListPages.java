package dev.sallyport.auth.users;

import dev.sallyport.auth.mfa.SealedTokens;
import dev.sallyport.auth.mfa.SealedTokens.Purpose;
import dev.sallyport.auth.mfa.SealedTokens.Token;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Lists that are told page by page, so that no answer grows without end. Where a page ended is
/// sealed for the next: it may name what its reader may not see, and is good for that list and
/// reader only.
public final class ListPages {
  /// Most entries of a page.
  public static final int ENTRIES_MAX = 1000;

  /// A page ends with the entry that brings it over this, in characters of JSON.
  public static final int LENGTH_MAX = 1 << 20;

  /// How long a reader may take for one page.
  public static final Duration LIFE = Duration.ofMinutes(10);

  private final SealedTokens tokens;
  private final InstantSource clock;

  public ListPages(SealedTokens tokens, InstantSource clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /// A page that is being filled.
  public static final class Page {
    private final List<JsonNode> entries = new ArrayList<>();
    private long length;

    /// Whether nothing more goes into it.
    public boolean full() {
      return entries.size() >= ENTRIES_MAX || length >= LENGTH_MAX;
    }

    /// Adds an entry to a page that is not full.
    public void add(JsonNode entry) {
      entries.add(entry);
      length += entry.toString().length();
    }

    /// What is in it.
    public List<JsonNode> entries() {
      return List.copyOf(entries);
    }
  }

  /// Where a reader goes on.
  ///
  /// @param list names the list and who reads it
  /// @param token as [#next] gave it; empty = from the start
  /// @throws ControlException of kind BAD_PARAMETER if it is of another list, or too old
  public String after(String list, Optional<String> token) {
    if (token.isEmpty()) {
      return "";
    }
    return tokens
        .open(Purpose.PAGE, token.get())
        .filter(open -> open.subject().equals(list))
        .map(Token::content)
        .orElseThrow(() ->
            new ControlException(
                ErrorKind.BAD_PARAMETER,
                "page: not one of this list, or older than %d minutes; begin anew"
                    .formatted(LIFE.toMinutes())));
  }

  /// What the reader asks for to go on behind `last`.
  public String next(String list, String last) {
    return tokens.seal(Purpose.PAGE, new Token(list, last, clock.instant().plus(LIFE)));
  }
}
