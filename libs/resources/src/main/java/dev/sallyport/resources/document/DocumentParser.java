package dev.sallyport.resources.document;

import dev.sallyport.model.Quoted;
import dev.sallyport.resources.InvalidDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads YAML, and JSON as a part of it, into trees. It works on the parser's events alone: no
/// object is ever built after a name in the text, tags are refused, and size, depth, aliases and
/// the number of parts after their expansion are bounded, for each document by itself; several
/// documents together have a bound too. For one text.
public final class DocumentParser {
  /// The longest document that is read, in characters.
  public static final int MAX_CHARACTERS = 1 << 20;

  /// The longest text of many documents, in characters: a back-up of a large cluster.
  public static final int MAX_TOTAL_CHARACTERS = 64 << 20;

  /// How deep lists and maps may lie in one another.
  public static final int MAX_DEPTH = 50;

  /// How many aliases a document may use.
  public static final int MAX_ALIASES = 50;

  /// How many parts a document may have when its aliases are written out.
  public static final int MAX_NODES = 50_000;

  /// How many parts many documents may have together.
  public static final int MAX_TOTAL_NODES = 5_000_000;

  private final String source;
  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private long begin;
  private int aliases;
  private int nodes;
  private int nodesBefore;

  private record Anchored(DocumentNode node, int size, int depth) {}

  private DocumentParser(String text, String source) {
    this.source = source;
    var settings =
        LoadSettings.builder()
            .setLabel(source)
            .setCodePointLimit(MAX_TOTAL_CHARACTERS)
            .setUseMarks(true)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /// The documents in a text that is no longer than one may be, without empty ones.
  ///
  /// @param source what the text is called in messages, such as its path
  /// @throws InvalidDocument at the first thing that can't be read
  public static List<DocumentNode> parse(String text, String source) {
    var documents = new ArrayList<DocumentNode>();
    each(text, source, MAX_CHARACTERS, documents::add);
    return documents;
  }

  /// Hands over the documents of a text one by one, without empty ones: so that of many, one at a
  /// time is held as a tree.
  ///
  /// @param source what the text is called in messages, such as its path
  /// @throws InvalidDocument at the first thing that can't be read, after what stands before it was
  ///   handed over
  public static void each(String text, String source, Consumer<DocumentNode> reader) {
    each(text, source, MAX_TOTAL_CHARACTERS, reader);
  }

  private static void each(String text, String source, int limit, Consumer<DocumentNode> reader) {
    if (text.length() > limit) {
      throw invalid(
          source,
          Position.NONE,
          "%d characters (at most %d are read)".formatted(text.length(), limit));
    }
    try {
      new DocumentParser(text, source).documents(reader);
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark().or(e::getContextMark).map(DocumentParser::position);
      throw invalid(source, at.orElse(Position.NONE), explain(e.getContext(), e.getProblem()));
    } catch (YamlEngineException e) {
      throw invalid(source, Position.NONE, explain(null, e.getMessage()));
    }
  }

  private void documents(Consumer<DocumentNode> reader) {
    while (events.hasNext()) {
      var event = events.next();
      switch (event.getEventId()) {
        case DocumentStart -> start(event);
        case Scalar, MappingStart, SequenceStart, Alias -> {
          var node = node(event, 1);
          if (!(node instanceof DocumentNode.Text text && text.isNothing())) {
            reader.accept(node);
          }
        }
        case StreamStart, StreamEnd, DocumentEnd, SequenceEnd, MappingEnd, Comment -> {}
      }
    }
  }

  /// Names and counts are those of one document.
  private void start(Event event) {
    anchors.clear();
    aliases = 0;
    nodesBefore += nodes;
    nodes = 0;
    begin = event.getStartMark().map(Mark::getIndex).orElse(0);
  }

  private DocumentNode node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw invalid(event, "more than %d lists and maps in one another".formatted(MAX_DEPTH));
    }
    var before = nodes;
    count(event, 1);
    var node =
        switch (event) {
          case AliasEvent alias -> expand(alias, depth);
          case ScalarEvent scalar -> {
            refuseTag(event, scalar.getTag());
            yield new DocumentNode.Text(position(event), scalar.getValue(), scalar.isPlain());
          }
          case CollectionStartEvent start -> {
            refuseTag(event, start.getTag());
            yield start.getEventId() == Event.ID.MappingStart
                ? entries(event, depth)
                : items(event, depth);
          }
          default -> throw invalid(event, "not a value");
        };
    if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
      named
          .getAnchor()
          .ifPresent(
              anchor -> anchors.put(anchor, new Anchored(node, nodes - before, depthOf(node))));
    }
    return node;
  }

  private DocumentNode expand(AliasEvent alias, int depth) {
    var anchored = anchors.get(alias.getAlias());
    if (anchored == null) {
      throw invalid(
          alias,
          "nothing before is named %s (a text that begins with * needs quotes: '*')"
              .formatted(Quoted.of("&" + alias.getAlias())));
    }
    aliases++;
    if (aliases > MAX_ALIASES) {
      throw invalid(alias, "more than %d aliases".formatted(MAX_ALIASES));
    }
    if (depth + anchored.depth - 1 > MAX_DEPTH) {
      throw invalid(alias, "more than %d lists and maps in one another".formatted(MAX_DEPTH));
    }
    count(alias, anchored.size);
    return anchored.node;
  }

  private DocumentNode items(Event start, int depth) {
    var values = new ArrayList<DocumentNode>();
    for (var event = next(start); event.getEventId() != Event.ID.SequenceEnd; event = next(start)) {
      values.add(node(event, depth + 1));
    }
    return new DocumentNode.Items(position(start), values);
  }

  private DocumentNode entries(Event start, int depth) {
    var values = new LinkedHashMap<String, DocumentNode.Entry>();
    for (var event = next(start); event.getEventId() != Event.ID.MappingEnd; event = next(start)) {
      if (!(node(event, depth + 1) instanceof DocumentNode.Text key)) {
        throw invalid(event, "a key must be text");
      }
      var value = node(next(event), depth + 1);
      var entry = new DocumentNode.Entry(position(event), value);
      if (values.putIfAbsent(key.value(), entry) != null) {
        throw invalid(event, "key %s comes twice".formatted(Quoted.of(key.value())));
      }
    }
    return new DocumentNode.Entries(position(start), values);
  }

  private Event next(Event after) {
    if (!events.hasNext()) {
      throw invalid(after, "the text ends too early");
    }
    return events.next();
  }

  private void count(Event event, int more) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw invalid(event, "more than %d values in one document".formatted(MAX_NODES));
    }
    if (nodesBefore + nodes > MAX_TOTAL_NODES) {
      throw invalid(event, "more than %d values in all documents".formatted(MAX_TOTAL_NODES));
    }
    if (event.getEndMark().map(Mark::getIndex).orElse(0) - begin > MAX_CHARACTERS) {
      throw invalid(
          event,
          "a document of more than %d characters (at most that many are read)"
              .formatted(MAX_CHARACTERS));
    }
  }

  private static int depthOf(DocumentNode node) {
    return switch (node) {
      case DocumentNode.Text _ -> 1;
      case DocumentNode.Items items ->
          1 + items.values().stream().mapToInt(DocumentParser::depthOf).max().orElse(0);
      case DocumentNode.Entries entries ->
          1
              + entries.values().values().stream()
                  .mapToInt(entry -> depthOf(entry.value()))
                  .max()
                  .orElse(0);
    };
  }

  private void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent()) {
      throw invalid(event, "tag %s: tags are not allowed".formatted(Quoted.of(tag.get())));
    }
  }

  private InvalidDocument invalid(Event event, String message) {
    return invalid(source, position(event), message);
  }

  private static InvalidDocument invalid(String source, Position at, String message) {
    return new InvalidDocument(source, List.of(new Fault(at, "", message)));
  }

  private static Position position(Event event) {
    return event.getStartMark().map(DocumentParser::position).orElse(Position.NONE);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String explain(@Nullable String context, @Nullable String problem) {
    var told = problem == null ? "can't be read" : problem.lines().findFirst().orElse("");
    if (told.contains("\\t") || told.contains("TAB")) {
      return told + " (indent with blanks, not with tabs)";
    }
    if (told.contains("alias") || (context != null && context.contains("alias"))) {
      return told + " (a text that begins with * needs quotes: '*')";
    }
    if (told.contains("mapping values are not allowed")) {
      return told + " (is the indentation right? does a text with a colon need quotes?)";
    }
    return told;
  }
}
