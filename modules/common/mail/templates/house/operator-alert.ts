import { look, quote, type Template } from "../_kit/draft.ts";

export const operatorAlert: Template<"operator_alert"> = ({ subject, message, link }) => ({
  subject,
  parts: [...quote(message), ...look("Look at it", link)],
});
