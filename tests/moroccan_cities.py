"""Names as their city halls write them, and as someone may type them."""

NAMES = (
    """
الدار البيضاء|الرباط|سلا|فاس|مراكش|طنجة|تطوان|أكادير|وجدة|مكناس|خريبكة|بني ملال|القنيطرة|العيون|شفشاون
ورزازات|ابن جرير
الصويرة|الجديدة|آسفي|الناظور|الحسيمة|تازة|سطات|الداخلة
العرائش|تارودانت|كلميم|المحمدية|إفران|تنغير|أزمور|بن سليمان|الخميسات
تيزنيت|زاكورة|الرشيدية|ميدلت|خنيفرة|صفرو|بركان|تاوريرت
جرادة|فكيك|السمارة|بوجدور|طانطان|سيدي قاسم|سيدي بنور|اليوسفية
Fès|Meknès|Salé|Tétouan|Laâyoune|Béni Mellal|Khénifra|M’diq|Aït Melloul|Oulad Teïma|Tiṭwan|Ḥad Soualem|ⵜⵉⵟⵡⴰⵏ
Œuvre|Cœur|Ænima|Straße|Łódź|Đà Nẵng|Østerbro|Sığırcı|Ħamrun|Þingvellir|Reykjavík|São Paulo|Şanlıurfa|Čapljina
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
