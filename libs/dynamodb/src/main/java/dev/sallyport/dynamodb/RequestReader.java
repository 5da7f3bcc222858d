package dev.sallyport.dynamodb;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// One reading of one body. Strict, since AWS reads the same bytes with another parser: what is no
/// JSON of RFC 8259 is refused, namely other encodings than UTF-8 and text after the end. Legal
/// JSON that two parsers may see differently is told apart: fields that stand twice, and fields
/// that are ours but for upper and lower case.
final class RequestReader {

  /// How many characters of UTF-8 are checked at a time.
  private static final int DECODED_AT_ONCE = 8192;

  private final Operation operation;
  private final AwsHome home;
  private final Set<TableRef> tables = new LinkedHashSet<>();
  private @Nullable String index;
  private TableKnowledge knowledge = TableKnowledge.COMPLETE;

  RequestReader(Operation operation, AwsHome home) {
    this.operation = operation;
    this.home = home;
  }

  /// A reason not to go on; holds nothing of the body.
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  RequestReading read(byte[] body) {
    try {
      requireUtf8(body);
      readDocument(BodyJson.STRICT, body);
      return reading();
    } catch (Refusal refusal) {
      return new RequestReading.Unreadable(refusal.reason());
    } catch (StreamConstraintsException limit) {
      return new RequestReading.Unreadable(
          "request body goes beyond a limit (nesting %d, field name %d, number %d, body %d)"
              .formatted(
                  RequestSummary.DEPTH_MAX,
                  RequestSummary.NAME_LENGTH_MAX,
                  RequestSummary.NUMBER_LENGTH_MAX,
                  RequestSummary.BODY_BYTES_MAX));
    } catch (JacksonException malformed) {
      return withDuplicates(body, malformed);
    }
  }

  private RequestReading reading() {
    return knowledge == TableKnowledge.AMBIGUOUS
        ? new RequestReading.Ambiguous(operation, tablesWithIndex())
        : new RequestSummary(operation, tablesWithIndex(), knowledge);
  }

  /// What is JSON for a parser that does not mind fields that stand twice failed for these.
  private RequestReading withDuplicates(byte[] body, JacksonException malformed) {
    tables.clear();
    index = null;
    knowledge = TableKnowledge.AMBIGUOUS;
    try {
      readDocument(BodyJson.LENIENT, body);
      return reading();
    } catch (Refusal refusal) {
      return new RequestReading.Unreadable(refusal.reason());
    } catch (JacksonException alsoMalformed) {
      return new RequestReading.Unreadable("request body is no valid JSON" + at(malformed));
    }
  }

  /// Where, but not what: the parser's own message quotes the body.
  private static String at(JacksonException malformed) {
    if (malformed.getLocation() == null || malformed.getLocation().getByteOffset() < 0) {
      return "";
    }
    return ", at byte " + malformed.getLocation().getByteOffset();
  }

  private void readDocument(JsonFactory factory, byte[] body) throws Refusal {
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Refusal("request body is no JSON object");
      }
      readObject(parser, Operations.tableFields(operation));
      if (parser.nextToken() != null) {
        throw new Refusal("request body goes on after its JSON object");
      }
    }
  }

  private void readObject(JsonParser parser, TableFields fields) throws Refusal {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (fields.keysAreTables()) {
        table(name);
        parser.nextToken();
        parser.skipChildren();
        continue;
      }
      if (fields.almostMember(name)) {
        worsen(TableKnowledge.AMBIGUOUS);
      }
      parser.nextToken();
      Optional<TableFields> member = fields.member(name);
      if (member.isPresent()) {
        readValue(parser, member.get());
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readValue(JsonParser parser, TableFields field) throws Refusal {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING && field.role().isPresent()) {
      readText(field.role().get(), parser.getString());
    } else if (token == JsonToken.START_OBJECT
        && field.role().isEmpty()
        && field.element().isEmpty()) {
      readObject(parser, field);
    } else if (token == JsonToken.START_ARRAY && field.element().isPresent()) {
      readList(parser, field.element().get());
    } else if (token != JsonToken.VALUE_NULL) {
      // Of another type than AWS wants: AWS will refuse it, but who knows.
      worsen(TableKnowledge.UNKNOWN);
      parser.skipChildren();
    }
  }

  private void readList(JsonParser parser, TableFields element) throws Refusal {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      readValue(parser, element);
    }
  }

  private void readText(TableFields.Role role, String text) throws Refusal {
    switch (role) {
      case TABLE -> table(text);
      case INDEX -> {
        if (TableRef.isIndexName(text)) {
          index = text;
        } else {
          worsen(TableKnowledge.UNKNOWN);
        }
      }
      case ITERATOR -> iterator(text);
      case STATEMENT -> statement(text);
    }
  }

  private void table(String text) throws Refusal {
    add(TableRef.parse(text, home));
  }

  /// `<stream ARN>|<number>|<opaque>`; DynamoDB Local puts a number first.
  private void iterator(String text) throws Refusal {
    worsen(TableKnowledge.BEST_EFFORT);
    for (String part : text.split("\\|", 4)) {
      if (part.startsWith("arn:")) {
        add(TableRef.parse(part, home));
        return;
      }
    }
    worsen(TableKnowledge.UNKNOWN);
  }

  private void statement(String text) throws Refusal {
    PartiqlStatement statement = PartiqlStatement.read(text);
    worsen(statement.complete() ? TableKnowledge.BEST_EFFORT : TableKnowledge.UNKNOWN);
    for (PartiqlStatement.Target target : statement.targets()) {
      Optional<TableRef> table = TableRef.parse(target.table(), home);
      if (target.index().isPresent() && TableRef.isIndexName(target.index().get())) {
        table = table.map(ref -> ref.withIndex(target.index().get()));
      }
      add(table);
    }
  }

  private void add(Optional<TableRef> table) throws Refusal {
    if (table.isEmpty()) {
      worsen(TableKnowledge.UNKNOWN);
      return;
    }
    tables.add(table.get());
    if (tables.size() > RequestSummary.TABLES_MAX) {
      throw new Refusal("request names more than " + RequestSummary.TABLES_MAX + " tables");
    }
  }

  private void worsen(TableKnowledge now) {
    knowledge = knowledge.and(now);
  }

  private Set<TableRef> tablesWithIndex() {
    String indexName = index;
    if (indexName == null) {
      return tables;
    }
    Set<TableRef> indexed = new LinkedHashSet<>();
    tables.forEach(table -> indexed.add(table.withIndex(indexName)));
    return indexed;
  }

  /// The parser would guess UTF-16 and UTF-32, and takes overlong forms of UTF-8; AWS may not.
  private static void requireUtf8(byte[] body) throws Refusal {
    if (body.length > RequestSummary.BODY_BYTES_MAX) {
      throw new Refusal("request body is longer than " + RequestSummary.BODY_BYTES_MAX + " bytes");
    }
    int odd = 0;
    for (byte b : body) {
      if (b == 0) {
        throw new Refusal("request body is not UTF-8");
      }
      odd |= b;
    }
    if (odd >= 0) {
      return;
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(body);
    CharBuffer decoded = CharBuffer.allocate(DECODED_AT_ONCE);
    boolean more = true;
    while (more) {
      var result = decoder.decode(bytes, decoded.clear(), true);
      if (result.isError()) {
        throw new Refusal("request body is not UTF-8, at byte " + bytes.position());
      }
      more = result.isOverflow();
    }
    boolean byteOrderMark = body.length > 2 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB;
    if (byteOrderMark && body[2] == (byte) 0xBF) {
      throw new Refusal("request body begins with a byte order mark");
    }
  }
}
