"""Word, Excel, PowerPoint (Office Open XML) and OpenDocument files.

Threat model. A document is redacted for readers who take it apart: they unzip it, read every
part, undo tracked changes, unhide sheets, look at caches and properties.

* **Goes**: every value that is found, in every text of every XML part: body, headers, notes,
  comments, text boxes, both branches of alternate content, SmartArt, charts and what they
  remember, fields, link targets, tracked changes, bookmarks, properties, alt text, glossary,
  mail merge, custom XML, hidden sheets, formulas, defined names, pivot caches, filters; names
  of members; documents embedded in documents. What cleaning takes besides stands in
  :mod:`redactor.formats.office.clean`.
* **Stays on purpose**: everything else, byte for byte: parts are changed by cutting text out of
  their markup, never written anew. Embedded fonts stay.
* **Not promised**: what pictures show (unless a format looks at them), what OLE objects and
  macros hold. The policy decides whether such a document is withheld.

Order of reading: ``container`` (ZIP), ``package`` (kind, parts), ``clean``, ``walk`` (texts of
a part), ``read`` (units); then ``plan``, ``edits`` and ``sheets_plan`` (redactions to markup),
``document`` (the format). ``reread`` reads a written copy with another parser.
"""
