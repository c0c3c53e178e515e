extension RunReport {
  /// The page's looks, on screen in light and dark, and on paper.
  static let style = """

    :root { color-scheme: light dark; --ink: #1c1e21; --paper: #fff; --faint: #667; --line: #d8dbe2;
      --tint: #f5f6f8; --holds: #11713d; --refuted: #b3261e; --undecided: #8a5a00; }
    @media (prefers-color-scheme: dark) { :root {
      --ink: #e8eaee; --paper: #16181c; --faint: #9aa0ad; --line: #363a43;
      --tint: #1f2228; --holds: #5fd394; --refuted: #ff8a80; --undecided: #f0bd5e; } }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, "Liberation Sans", sans-serif; }
    main { max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1 { font-size: 1.7rem; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
    h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
    p { margin: .4rem 0; overflow-wrap: anywhere; }
    .tool { color: var(--faint); margin: 0; }
    .badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem;
      padding: .1rem .8rem; margin-right: .3rem; font-weight: 600; }
    .badge.holds { color: var(--holds); }
    .badge.refuted { color: var(--refuted); }
    .badge.undecided { color: var(--undecided); }
    article { border: 1px solid var(--line); border-left-width: .35rem; border-radius: .3rem;
      padding: .8rem 1rem; margin: .7rem 0; background: var(--tint); break-inside: avoid; }
    article.holds { border-left-color: var(--holds); }
    article.refuted { border-left-color: var(--refuted); }
    article.undecided { border-left-color: var(--undecided); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .6rem 0 0;
      font-size: .9rem; }
    dt { color: var(--faint); }
    dd { margin: 0; overflow-wrap: anywhere; }
    code, pre { font: .85rem/1.5 ui-monospace, "Liberation Mono", monospace; }
    code { overflow-wrap: anywhere; }
    pre { background: var(--tint); border: 1px solid var(--line); border-radius: .3rem;
      padding: .7rem 1rem; overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
      border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    th { color: var(--faint); font-weight: 500; }
    li { margin: .3rem 0; }
    svg { max-width: 100%; height: auto; margin-top: .6rem; border: 1px solid var(--line);
      border-radius: .3rem; }
    figure { margin: .8rem 0 0; }
    figcaption { color: var(--faint); font-size: .85rem; }
    @media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .3rem; } }

    """
}
