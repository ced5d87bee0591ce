/** Bod yn poeni am ddiogelwch rhywun, a dal stori yn ôl o'r herwydd. */
export const worrying = {
  worry: {
    link: 'Rwy’n poeni am ddiogelwch rhywun',
    title: 'Ydych chi’n poeni am ddiogelwch rhywun?',
    danger: 'Os yw rhywun mewn perygl nawr, ffoniwch 999 yn gyntaf',
    why: 'Ni fydd neb yn clywed nac yn darllen y stori hon nes bod y person a ddewiswch wedi edrych i mewn i’r mater.',
    label: 'Beth sy’n eich poeni?',
    hint: 'Dim ond y person a ddewiswch, gweinyddwyr a chi sy’n gallu darllen hyn.',
    missing: 'Ysgrifennwch beth sy’n eich poeni.',
    long: 'Mae hynny’n rhy hir. Defnyddiwch 2,000 o lythrennau neu lai.',
    who: 'Pwy ddylai edrych i mewn i’r mater?',
    administrators: 'Un o weinyddwyr y prosiect',
    save: 'Dal y stori hon yn ôl',
    no: 'Na, yn ôl',
    heldTitle: 'Mae’r stori hon yn cael ei dal yn ôl',
    held: (name: string) =>
      `Ni fydd neb yn clywed nac yn darllen y stori hon nes bod ${name || 'gweinyddwr'} wedi edrych i mewn i’r mater.`,
    told: 'Byddan nhw’n cael gwybod pan fydd y ffôn hwn wedi anfon y stori. Os na all aros, ffoniwch nhw.',
    back: 'Yn ôl',
    sent: 'Mae’r stori hon wedi’i hanfon yn barod. Gallwch ei dal yn ôl o hyd, ar ei thudalen.',
    maySent: 'Mae Earshot wedi dechrau anfon y stori hon. Ar ôl iddi gael ei hanfon, gallwch ei dal yn ôl ar ei thudalen.',
    open: 'Ei dal yn ôl ar ei thudalen',
    begun: 'Roeddech wedi dechrau ysgrifennu hyn. Gallwch ei ddefnyddio yno:',
  },
};
