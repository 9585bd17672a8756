export default function DebriefPage() {
  return null;
}
