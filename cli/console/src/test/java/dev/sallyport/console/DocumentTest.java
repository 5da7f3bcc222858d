package dev.sallyport.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentTest {
  @Test
  void jsonIsIndentedAndEscaped() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("a", List.of("x", "\"\\\n\u0001"));
    tree.put("b", Map.of());
    tree.put("c", true);
    assertThat(Document.json(tree))
        .isEqualTo(
            """
            {
              "a": [
                "x",
                "\\"\\\\\\n\\u0001"
              ],
              "b": {},
              "c": true
            }
            """);
  }

  @Test
  void yamlNestsListsAndMaps() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("active", Map.of("roles", List.of("a", "b")));
    tree.put("profiles", List.of());
    tree.put("a b", 1);
    assertThat(Document.yaml(tree))
        .isEqualTo(
            """
            active:
              roles:
                - "a"
                - "b"
            profiles: []
            "a b": 1
            """);
  }

  @Test
  void tablesAlignTheirColumns() {
    var table = new TextTable("Name", "Labels");
    table.row("example-dynamodb", "env=dev");
    table.row("x", "");
    assertThat(table.text())
        .isEqualTo(
            """
            Name             Labels
            ---------------- -------
            example-dynamodb env=dev
            x
            """);
  }

  @Test
  void proxyAddressesAreReadAsPeopleWriteThem() {
    assertThat(ProxyAddress.find("https://Proxy.example.com:443/"))
        .isEqualTo(new ProxyAddress("proxy.example.com", 443));
    assertThat(ProxyAddress.find("proxy:3080,3023")).isEqualTo(new ProxyAddress("proxy", 3080));
    assertThat(ProxyAddress.find("[::1]:3080").authority()).isEqualTo("[::1]:3080");
    for (var wrong : List.of("", "a b:1", "host:0", "host:70000", "host:x", "u@host:1", "h/p:1")) {
      assertThatThrownBy(() -> ProxyAddress.find(wrong))
          .as("'%s'", wrong)
          .isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void aProxyThatAnswersAtNoUsualPortIsTold() {
    // Nobody can be connected to at the broadcast address.
    assertThatThrownBy(() -> ProxyAddress.find("255.255.255.255"))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "Teleport proxy not available at proxy address 255.255.255.255:3080 or"
                + " 255.255.255.255:443");
  }
}
