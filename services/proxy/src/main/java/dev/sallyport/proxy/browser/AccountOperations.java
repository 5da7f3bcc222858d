package dev.sallyport.proxy.browser;

import dev.sallyport.control.BeginDeviceRequest;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.MfaDevice;
import dev.sallyport.control.MfaDeviceList;
import dev.sallyport.control.RemoveDeviceRequest;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.api.DatabaseListView;
import dev.sallyport.proxy.browser.api.DatabaseView;
import dev.sallyport.proxy.browser.api.DeviceRemoval;
import dev.sallyport.proxy.browser.api.Nothing;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What a signed-in user sees and changes of their own.
final class AccountOperations {
  private AccountOperations() {}

  static List<Operation<?, ?>> all() {
    return List.of(
        Operation.get(
            "/databases",
            "The databases that the user may see.",
            DatabaseListView.class,
            AccountOperations::databases),
        Operation.get(
            "/devices",
            "The user's second factors.",
            MfaDeviceList.class,
            visit -> new MfaDeviceList(visit.asUser(PersonDesk::devices))),
        Operation.post(
            "/devices/challenge",
            "A challenge that the user's second factors can answer.",
            Nothing.class,
            MfaChallenge.class,
            (visit, _) -> visit.asUser(PersonDesk::challenge)),
        Operation.post(
            "/devices/begin",
            "Begins to register another second factor.",
            BeginDeviceRequest.class,
            Enrollment.class,
            (visit, request) -> visit.asUser(user -> user.begin(request))),
        Operation.post(
            "/devices/finish",
            "Registers it.",
            EnrollmentAnswer.class,
            MfaDevice.class,
            (visit, answer) -> visit.asUser(user -> user.finish(answer))),
        Operation.tell(
                "/password",
                "Changes the user's password; the user's sessions end by it.",
                ChangePasswordRequest.class,
                (visit, request) -> {
                  var _ =
                      visit.asUser(user -> {
                        user.changePassword(request);
                        return request;
                      });
                  visit.forget();
                })
            .at(Rate.LOGIN),
        Operation.tell(
            "/devices/remove",
            "Removes a second factor.",
            DeviceRemoval.class,
            (visit, removal) -> {
              var _ =
                  visit.asUser(user -> {
                    user.remove(removal.id(), new RemoveDeviceRequest(removal.proof()));
                    return removal;
                  });
            }));
  }

  private static DatabaseListView databases(Visit visit) {
    return new DatabaseListView(
        visit.asUser(PersonDesk::databases).stream().map(AccountOperations::view).toList());
  }

  private static DatabaseView view(DatabaseAccess access) {
    var metadata = access.database().path("metadata");
    var labels = new TreeMap<String, String>();
    for (var label : metadata.path("labels").properties()) {
      labels.put(label.getKey(), label.getValue().asString());
    }
    return new DatabaseView(
        text(metadata, "name"),
        text(metadata, "description"),
        labels,
        access.allowedUsers(),
        access.deniedUsers(),
        access.wildcard());
  }

  private static String text(JsonNode object, String name) {
    var value = object.path(name);
    return value.isString() ? value.asString() : "";
  }
}
