"""The bounds of size, time and number that an operator or a maintainer may want to change, each with its reason.

What changes from site to site is a setting: rate limits (settings.LIMITS), days of a preview or an invitation,
uploads that are looked at at once. A bound that a database column has as its length needs a migration as well.
"""

from datetime import timedelta

KIB, MIB, GIB = 2**10, 2**20, 2**30

# Uploads

#: Bytes of a photo or a document: what a telephone or a scanner makes, and an office line can send.
PHOTO_BYTES = DOCUMENT_BYTES = 20 * MIB
#: Pixels of a photo: more than cameras have, and what its memory is enough for.
PHOTO_PIXELS = 50_000_000
#: Pixels of the longest side that is stored: enough for a wide screen.
PHOTO_LONGEST_SIDE = 2560
#: Photos in one request: each takes seconds. With JavaScript each is a request of its own.
PHOTOS_AT_ONCE = 10
#: Photos on one page of those to pick from, three in a row beside the tile for a new one.
PHOTOS_PICKED_FROM = 47

# The process that looks at an uploaded file

#: MiB of memory in all, into which the interpreter and the libraries are mapped with 60 to 130.
INSPECTION_MEMORY = 480
#: The same for a workbook, which the site reads once more.
INSPECTION_MEMORY_OF_WORKBOOK = 256
#: Seconds of work, and in all should the machine be busy or whoever asked be gone.
INSPECTION_WORK_SECONDS, INSPECTION_SECONDS = 20, 40
#: Bytes that are written: a photo or a document, and a line about it.
INSPECTION_WRITTEN_BYTES = 64 * MIB
#: Seconds for which an upload waits for its turn.
INSPECTION_TURN_SECONDS = 15
#: Threads of a server's process that may wait or look at once: the others answer visitors.
INSPECTION_THREADS = 2
#: What an archive may become when it is opened: bytes, times of what was sent, entries.
ARCHIVE_BYTES, ARCHIVE_RATIO, ARCHIVE_ENTRIES = 300 * MIB, 200, 5000
#: Bytes below which no ratio counts: a few styles in a short document.
ARCHIVE_SMALL_BYTES = 4 * MIB
#: Objects of a PDF, and entries of them all: more than in an atlas of a thousand pages.
PDF_OBJECTS, PDF_ENTRIES = 250_000, 3_000_000
#: Bytes of an equation in an office document: real ones have a few thousand.
EQUATION_BYTES = 512 * KIB

# Spreadsheets

#: Rows of a sheet: as many as are compared in seconds.
SHEET_ROWS = 1_000
#: Bytes of a file: many times a sheet with as many rows.
SHEET_BYTES = 5 * MIB
#: Bytes of a workbook when it is opened, files in it, and columns that are read: what has more is no sheet of ours.
SHEET_UNPACKED_BYTES, SHEET_FILES, SHEET_COLUMNS = 60 * MIB, 300, 120
#: Lines of a sheet, most of them empty: whoever draws a frame around a column formats thousands.
SHEET_LINES = 20_000
#: Columns of a CSV file: more than any spreadsheet has.
CSV_COLUMNS = 20_000
#: Choices that a cell offers; a longer list is no help.
CELL_CHOICES = 500
#: Errors of a file, and of a step of a batch, that are listed: nobody mends more at once.
SHEET_ERRORS, BATCH_ERRORS = 200, 20
#: Views of one list that a person saves, which stand in a row above it, and the length of what follows the question
#: mark of its address: no filter is left out of it, and no book is kept in it.
SAVED_VIEWS, SAVED_VIEW_CHARACTERS = 12, 2000
#: Changes of one batch: they are published in one transaction, in which other writers wait.
BATCH_CHANGES = 250
#: Rows on a page of what an import would change, and of what a batch changes.
IMPORT_PAGE_ROWS, BATCH_PAGE_ROWS = 25, 100

# Texts

#: Characters of markup, and elements inside one another: beyond both, reading it costs more than a visitor or a
#: writer can wait. A hundred pages of print have fewer.
RICH_TEXT_CHARACTERS, RICH_TEXT_DEPTH = 200_000, 60
#: Characters of a comment; also the length of its column.
COMMENT_CHARACTERS = 2000
#: Words beyond which a text counts as replaced: comparing takes the square of them.
COMPARED_WORDS = 4000
#: Letters of a file's name: twice as long in Arabic, it is still one that disks take.
FILE_NAME_LETTERS = 100

# Lists and the search

#: Cards on a page of a list.
PAGE_CARDS = 12
#: Rows on a page of the API, unless it is asked for another number up to the most.
API_PAGE_ROWS, API_MOST_ROWS = 20, 100
#: Choices of a question that are shown, and when the rest is unfolded; all of them have an address.
CHOICES_SHOWN, CHOICES_UNFOLDED = 8, 60
#: Choices of a question that are read at a glance; among more one can type.
CHOICES_AT_A_GLANCE = 12
#: Entries of a feed: those of several months.
FEED_ENTRIES = 50
#: Rows of a list of the desk that are searched in any spelling: as many as are read in a second or two.
LIST_SEARCH_ROWS = 20_000
#: Letters of a search, and words of it: more than anyone types. The rest of a pasted page is left out.
SEARCH_LETTERS, SEARCH_WORDS = 200, 12
#: Forms in which an expression is looked for: each is a condition of the query.
SEARCH_FORMS = 16
#: Results of a kind beside those of others, on a page of its own, and while someone types.
RESULTS_BESIDE_OTHERS, RESULTS_ON_A_PAGE, RESULTS_WHILE_TYPING = 5, 12, 8
#: With no more results than these, other words are proposed beside them.
FEW_RESULTS = 3
#: Letters of a passage in all, and before the first match; places of a long text that are looked at.
EXCERPT_LETTERS, EXCERPT_BEFORE, EXCERPT_PLACES = 220, 60, 100

# Caches: each process has its own

#: Versions of the content: visits that are being answered when it changes still use the one before.
CACHED_VERSIONS = 2
#: Seconds for which a visit waits for another that builds the same, before it builds it too: the other may itself
#: be waiting for something.
CACHE_WAIT_SECONDS = 2
#: Bytes of compressed pages of one version; the oldest make room for new ones.
CACHED_PAGE_BYTES = 8 * MIB
#: Letters of each kind of piece of a page, in each language.
CACHED_PIECE_LETTERS = 1_500_000
#: Items with all that their pages show, in each language.
CACHED_ITEMS = 64
#: Seconds for which caches between site and browser may answer alone: a change is seen everywhere after them.
SHARED_CACHE_SECONDS = 60
#: Seconds for the service that is told to forget its pages: visitors don't wait, a thread does.
PURGE_SECONDS = 3

# Writing together

#: Rows that may be added to a part with one form: hundreds more would take a minute of everyone's time.
NEW_PART_ROWS = 50
#: Someone counts as present for so long after their form was last heard of; it speaks every 15 seconds.
PRESENCE_LASTS = timedelta(seconds=60)
#: A row that someone has taken out can be put back for so long, with what they had written.
REMOVED_ROW_LASTS = timedelta(days=30)
#: A page stays locked for so long: nothing is blocked for ever.
PAGE_LOCK_LASTS = timedelta(days=7)
#: Rows that use another one, as named in a sentence, and in each list of a page.
USES_NAMED, USES_LISTED = 10, 100

# How long something stays

#: Days in which an item can be taken out of the bin; earlier files stay as long.
BIN_DAYS = 30
#: Drafts that nobody has sent, and resolved comments, by their age.
DRAFT_LASTS = RESOLVED_COMMENT_LASTS = timedelta(days=365)
#: The site knows for so long who sent a report that nobody deals with.
REPORT_SENDER_LASTS = timedelta(days=365)
#: The security log by its age, and in entries, so that an attack can't fill the disk.
AUDIT_LASTS, AUDIT_ENTRIES = timedelta(days=365), 100_000
#: Mail that could not be sent: after this time it would only confuse whoever got it.
QUEUED_MAIL_LASTS = timedelta(days=30)
#: Files without a row: one that is being uploaded has none yet.
UNUSED_FILE_LASTS = timedelta(days=1)

# People

#: Wrong passwords and codes, in how many seconds, by what they count against.
GUESSES = {"account": (6, 900), "browser": (10, 900), "address": (30, 900)}
#: Requests for a new password, and refused passkeys, likewise.
PASSWORD_RESETS = {"account": (3, 3600), "browser": (5, 3600), "address": (10, 3600)}
PASSKEYS = {"address": (30, 900)}
#: Attempts are remembered for the longest of these times.
ATTEMPT_LASTS = timedelta(hours=1)
#: Refused attempts of the same kind are one entry of the log, if no more time lies between them.
REFUSED_TOGETHER = timedelta(minutes=15)
#: A browser is known for so many seconds, and as that of so many people: a town hall shares its machines.
BROWSER_SECONDS, BROWSER_PEOPLE = 365 * 24 * 3600, 8
#: How long someone new may work before they need a second factor.
SECOND_FACTOR_DELAY = timedelta(days=7)

# Care

#: Years for which a figure says how things are; “figures older than five years” names them in words.
FIGURE_YEARS = 5
#: An initiative is to be checked after this time; “not checked for a year” names it in words.
CHECK_LASTS = timedelta(days=365)
#: So long before the consent of those whom a photo shows runs out, it is named; “a month before” says it in words.
CONSENT_NOTICE = timedelta(days=30)
#: Rows on a page of the care list, on a page of the table, and on the desk.
CARE_PAGE_ROWS, CARE_TABLE_ROWS, CARE_DESK_ROWS = 50, 50, 3
#: Rows that the desk's first page offers to go on with, and the last changes of one's own that it reads for them.
DESK_WORKS, DESK_CHANGES_READ = 5, 60
#: Things of each kind that wait for someone there; the others are a list away. Letters of a text that it begins with.
DESK_NOTICES, DESK_WORDS = 3, 120
#: Results of the desk's search on a page, and of each kind in all: who meets more says more.
DESK_SEARCH_PAGE, DESK_SEARCH_ROWS = 25, 200
#: Members of staff in the list of who was active when.
STAFF_LISTED = 50
#: Forms of which a browser keeps words, that it may ask about at once.
DESK_KEPT = 20

# Links to other sites

#: Seconds between two requests to one site, until something must have been heard, and until all of a check is over:
#: a site may send a letter now and then, for ever.
LINK_PAUSE_SECONDS, LINK_TIMEOUT_SECONDS, LINK_SECONDS = 2, 10, 30
#: Redirects that are followed, and addresses of one host that are tried.
LINK_REDIRECTS, LINK_ADDRESSES = 5, 3
#: Between two checks of a link by the chore, and before someone may have it checked again.
LINK_CHECK_LASTS, LINK_CHECK_PAUSE = timedelta(days=7), timedelta(minutes=5)
#: Checks of a link that are listed.
LINK_CHECKS_LISTED = 60

# Reports of visitors

#: Reports that are mailed one by one in this time; those beyond wait for its end and come in one letter.
REPORTS_MAILED_ALONE, REPORTS_MAILED_WITHIN = 5, timedelta(hours=1)
#: A form that is sent sooner was filled in by a program; an older one is asked for again.
REPORT_FORM_YOUNGEST, REPORT_FORM_OLDEST = timedelta(seconds=3), timedelta(days=1)
#: How many times the reports of one sender a /48 may send. It has 65,536 subscribers' networks: whoever has one of
#: them isn't slowed by one neighbour alone.
REPORTS_OF_NETWORK = 4

# The running site

#: Between two looks of one process for chores to do.
CHORES_PAUSE = timedelta(minutes=10)
#: Files that are deleted while writers wait.
FILES_DELETED_AT_ONCE = 20
#: Longer than one mail takes to be sent: whoever claimed it and hasn't sent it by then is dead.
QUEUED_MAIL_CLAIM = timedelta(minutes=10)
#: Between the first two tries of a mail; each further pause is three times as long, up to the longest.
QUEUED_MAIL_FIRST_PAUSE, QUEUED_MAIL_LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
#: Seconds after which a process tries again to apply what an outage has held up.
DUE_RETRY_SECONDS = 60
#: Seconds without a free thread after which a worker is replaced.
WORKER_BUSY_SECONDS = 60
#: Seconds for which the storage is believed to work after it did: it is tried by writing a file.
STORAGE_BELIEVED_SECONDS = 30
#: Bytes that must be free on the disk, or the doctor says so.
FREE_BYTES = GIB
