import "bootstrap/dist/css/bootstrap.min.css";
import "./style.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { ClusterProvider } from "./cluster";
import { SessionProvider } from "./session";
import { followSystem } from "./theme";

followSystem();
const app = document.getElementById("app");
if (app === null) throw new Error("the page has no place for the app");
createRoot(app).render(
  <StrictMode>
    <BrowserRouter basename="/web">
      <ClusterProvider>
        <SessionProvider>
          <App />
        </SessionProvider>
      </ClusterProvider>
    </BrowserRouter>
  </StrictMode>,
);
